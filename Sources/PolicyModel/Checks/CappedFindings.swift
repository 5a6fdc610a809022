import Diagnostics

/// Findings of which a policy may have thousands alike: the first of each kind are told one by one,
/// the rest by number. Errors are always told one by one.
struct CappedFindings {
  private var log = DiagnosticLog()
  /// What has been found, by kind.
  private var counts = [Count](repeating: Count(), count: Kind.allCases.count)

  /// The kinds of findings that a policy may have thousands of. Asked of each line, so they are told
  /// apart as small numbers.
  enum Kind: Int, CaseIterable {
    case publishOpen, publishWorld, publishEphemeral, publishLoopback, publishSize
    case publishPrivilegedDuplicate, publishFamilyGap, portService

    fileprivate var id: DiagnosticID {
      switch self {
      case .publishOpen: .publishOpen
      case .publishWorld: .publishWorld
      case .publishEphemeral: .publishEphemeral
      case .publishLoopback: .publishLoopback
      case .publishSize: .publishSize
      case .publishPrivilegedDuplicate: .publishPrivilegedDuplicate
      case .publishFamilyGap: .publishFamilyGap
      case .portService: .portService
      }
    }
  }

  private struct Count {
    var told = 0
    var untold = 0
    var firstUntold: SourceSpan?
  }

  /// So many of a kind are told one by one.
  static let limit = 50

  mutating func add(error: Diagnostic) { log.add(error) }

  /// Adds a finding; it is not even made where enough like it have been.
  mutating func add(_ kind: Kind, at span: SourceSpan, _ make: () -> Diagnostic) {
    let index = kind.rawValue
    if counts[index].told < Self.limit {
      counts[index].told += 1
      return log.add(make())
    }
    counts[index].untold += 1
    if let first = counts[index].firstUntold, first < span { return }
    counts[index].firstUntold = span
  }

  func finish(into target: inout DiagnosticLog) {
    target.add(contentsOf: log)
    for kind in Kind.allCases where counts[kind.rawValue].untold > 0 {
      let count = counts[kind.rawValue]
      target.add(.untold(kind.id, count.untold, at: count.firstUntold))
    }
  }
}
