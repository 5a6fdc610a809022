import NetworkTypes
import Syntax

/// Why a number is no port, or two no port range.
enum PortProblem: Error {
  case zero
  case tooLarge
  case reversed
}

extension PortRange {
  /// Judges the numbers of `syntax`.
  ///
  /// - Requires: they are numbers, and not `auto`.
  init(_ syntax: PortSyntax) throws(PortProblem) {
    if syntax.lower == 0 || syntax.upper == 0 { throw .zero }
    if syntax.lower > 65535 || syntax.upper > 65535 { throw .tooLarge }
    if syntax.lower > syntax.upper { throw .reversed }
    self.init(UInt16(syntax.lower), UInt16(syntax.upper))
  }
}
