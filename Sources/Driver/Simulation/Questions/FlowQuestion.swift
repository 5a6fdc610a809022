package import Diagnostics
import NetworkTypes
package import PolicyModel
import Syntax

/// A policy, and a flow that somebody asks about.
package struct FlowQuestion: Sendable {
  /// The flow as it was asked.
  package let text: String
  /// The policy with the flow as a further line, which makes no rules.
  package let compilation: Compilation
  /// The flow; `nil` where ``log`` has errors.
  package let flow: AccessRule?
  /// The errors of the policy, and all that there is to say about the flow.
  package let log: DiagnosticLog

  /// The name of the source that the flow stands in.
  package static let sourceName = "<flow>"
}

extension Compiler {
  /// Compiles a policy and finds out what `text`, a flow in the words of the language, means in it.
  ///
  /// - Complexity: that of compiling.
  package func compile(_ read: PolicySources, asking text: String) -> FlowQuestion {
    var read = read
    var log = DiagnosticLog()
    let file = read.sources.add(name: FlowQuestion.sourceName, bytes: Array(text.utf8))
    if let statement = parseFlow(read.sources[file], log: &log) {
      read.trees.append(
        SyntaxTree(source: read.sources[file], declarations: [.expect(statement)]))
    }
    read.log.add(contentsOf: log)
    let compilation = compile(read)
    let flow = compilation.policy?.expectations.first { $0.span.file == file }
    var said = DiagnosticLog()
    for finding in compilation.log.sorted {
      if finding.id == .expectVacuous, finding.span?.file == file {
        said.add(.flowOfNothing(flow, compilation.policy, at: finding.span))
      } else if finding.severity == .error || finding.span?.file == file {
        said.add(finding)
      }
    }
    return FlowQuestion(
      text: text, compilation: compilation, flow: said.hasErrors ? nil : flow, log: said)
  }
}

extension Diagnostic {
  /// No packet is of the flow.
  fileprivate static func flowOfNothing(
    _ flow: AccessRule?, _ policy: Policy?, at span: SourceSpan?
  ) -> Diagnostic {
    var notes: [Note] = []
    if let flow, let policy {
      notes = [
        Note("the source has \(words(flow.sources, policy))"),
        Note("the destination has \(words(flow.destinations, policy))"),
      ]
    }
    return Diagnostic(
      .flowImpossible, "no packet is of this flow: its parts have no address family in common",
      at: span, notes: notes)
  }

  private static func words(_ peers: [Peer], _ policy: Policy) -> String {
    let families = AddressFamily.allCases.filter { family in
      peers.contains { policy.hasAddresses($0, of: family) }
    }
    if families.isEmpty { return "no address at all" }
    let names = families.map { "IPv\($0.rawValue)" }.joined(separator: " and ")
    return "\(names) addresses" + (families.count == 1 ? " only" : "")
  }
}

extension Policy {
  /// Whether a peer can send or receive packets of `family`.
  func hasAddresses(_ peer: Peer, of family: AddressFamily) -> Bool {
    switch peer {
    case .network(let index): !networks[index].subnets(of: family).isEmpty
    case .guest(let network, let guest):
      !networks[network].guests[guest].addresses(of: family).isEmpty
    case .addresses(let set): !set.ranges(of: family).isEmpty
    case .host, .world, .any: true
    }
  }
}
