import Diagnostics
import Evaluation
import IptablesBackend
import KernelForm
import Lowering
import Netfilter
import NetlinkBackend
import NetworkTypes
import PolicyModel

/// What packets meet on this machine: the rules that stand in the kernel, ours and others', and the
/// host itself.
package struct LiveSituation: Sendable {
  private let own: DecodedRuleset
  private let capabilities: Set<Capability>
  private let foreign: ForeignRules
  private let host: LiveHost

  /// Asks the kernel and the programs that show others' rules; changes nothing.
  ///
  /// - Parameter decode: Reads what `nft -j` and `ip -j` print.
  package static func read(decode: @escaping JSONDecoding) throws(LiveError) -> LiveSituation {
    let rules = try LiveRules.read()
    let (runner, system) = (CommandRunner.system, SystemFacts())
    return LiveSituation(
      own: ruleset(of: rules.kernel), capabilities: try LiveRules.capabilities(),
      foreign: ForeignReader(runner: runner, decode: decode, system: system).read(),
      host: LiveHostReader(runner: runner, decode: decode, system: system).read())
  }

  /// Tries flows in the words of `policy`, whose files are `sources`.
  func judge(in policy: Policy, _ sources: SourceMap) -> Judge {
    let own = Program(own.ruleset).tables
    let interfaces = host.topology.interfaces.map(\.name)
    let foreign = foreign.tables
    let program = { @Sendable (family: AddressFamily, transport: TransportProtocol) in
      let others = foreign.compactMap { table -> Program.Table? in
        var converter = ForeignProgram(table, family, transport, interfaces: interfaces)
        return converter.program()
      }
      return Program(tables: own + others)
    }
    return Judge(
      model: HostModel(policy, on: host), program: program, capabilities: capabilities,
      line: { sources.span(of: $0) })
  }

  /// What the reader has to know beside the answer.
  var remarks: [String] {
    var result: [String] = []
    if own.ruleset.tables.isEmpty, foreign.tables.allSatisfy(\.own.isEmpty) {
      result.append("no rules of bridgeward are loaded")
    }
    result += foreign.tables.flatMap(\.strangers)
    result += own.leftovers.map { leftover in
      let place = leftover.chain.map { "of the chain `\($0)` " } ?? ""
      return
        "\(leftover.what) \(place)in our table was put there by somebody else, and is passed over"
    }
    result += (foreign.unread + host.unread).map { "not all could be looked at: \($0)" }
    return result
  }
}

extension ForeignTable {
  /// What somebody else put into our chains there.
  fileprivate var strangers: [String] {
    own.flatMap { chain in
      chain.lines.compactMap { line -> String? in
        switch line {
        case .rule: nil
        case .foreign(let text):
          "somebody else put `\(text)` into our chain `\(chain.name)` of \(title)"
        }
      }
    }
  }
}

extension SourceMap {
  /// The line that a rule in the kernel names, without the space before it; `nil` where it is of no
  /// file here.
  fileprivate func span(of origin: Origin) -> SourceSpan? {
    guard let source = files.first(where: { $0.name == origin.file }) else { return nil }
    let table = lines(of: source.file)
    guard origin.line >= 1, Int(origin.line) <= table.count else { return nil }
    let range = table.range(ofLine: Int(origin.line))
    let start = range.first { source.bytes[$0] > 0x20 } ?? range.lowerBound
    let end = range.last { source.bytes[$0] > 0x20 }.map { $0 + 1 } ?? range.upperBound
    return SourceSpan(file: source.file, start: UInt32(start), end: UInt32(max(start, end)))
  }
}
