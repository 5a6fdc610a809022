package import Diagnostics
import Evaluation
import Netfilter
import NetworkTypes

/// The answer of `trace` as plain data: what `--format json` prints.
///
/// Fields are only ever added within one `version`.
package struct TraceReport: Hashable, Sendable, Encodable {
  /// One packet that was tried.
  package struct Case: Hashable, Sendable, Encodable {
    package let family: String
    package let verdict: String
    /// In which states of `bridge-nf-call-iptables` and its twin it holds.
    package let bridgeNetfilter: [Bool]
    package let source: End
    package let destination: End
    package let transport: String
    package let port: UInt16?
    package let icmpType: UInt8?
    package let arrival: Arrival?
    package let decision: Deciding
    /// The ways of the first packet, the answer, and what follows.
    package let path: [Way]?
  }

  /// One end of a flow.
  package struct End: Hashable, Sendable, Encodable {
    package let name: String
    package let address: String
  }

  /// Where the first packet arrived, and whom the receiver sees.
  package struct Arrival: Hashable, Sendable, Encodable {
    package let name: String
    package let address: String
    package let port: UInt16?
    package let seenSource: End
  }

  /// What decided.
  package struct Deciding: Hashable, Sendable, Encodable {
    package let reason: String
    package let location: Location?
  }

  /// The way of one packet.
  package struct Way: Hashable, Sendable, Encodable {
    /// `opening`, `answer` or `continuation`.
    package let packet: String
    package let fate: String
    package let steps: [Stop]
  }

  /// A rule or an element that matched.
  package struct Stop: Hashable, Sendable, Encodable {
    package let hook: String
    package let layer: String
    package let table: String
    package let chain: String
    /// Counted from 1.
    package let rule: Int
    package let map: String?
    package let effect: String
    package let comment: String?
    package let location: Location?
  }

  /// A change of the policy that was tried, and lets the flow pass.
  package struct Opening: Hashable, Sendable, Encodable {
    package let lines: [String]
    package let removed: String?
    package let file: String
    package let line: Int
  }

  package let version = 1
  package let flow: String
  package let backend: String
  package let verdict: String
  package let cases: [Case]
  package let remarks: [String]
  package let wouldAllow: Opening?

  private enum CodingKeys: String, CodingKey {
    case version, flow, backend, verdict, cases, remarks, wouldAllow
  }

  /// - Parameter withPath: Whether every rule that matched is told.
  package init(_ answer: TraceAnswer, withPath: Bool) {
    let locator = Locator(answer.question.compilation.sources)
    flow = answer.question.text
    backend = answer.backend
    verdict = answer.judgment.verdict.rawValue
    cases = answer.judgment.results.map { Case($0, locator, withPath: withPath) }
    remarks = answer.judgment.remarks
    wouldAllow = answer.opening.map(Opening.init)
  }
}

extension TraceReport.Case {
  fileprivate init(_ result: TrialResult, _ locator: Locator, withPath: Bool) {
    let trial = result.trial
    family = trial.family == .ipv4 ? "ipv4" : "ipv6"
    verdict =
      switch result.verdict {
      case .allowed: "allowed"
      case .denied: "denied"
      case .unseen: "unseen"
      case .undecided: "undecided"
      }
    bridgeNetfilter = result.filtersBridged
    source = TraceReport.End(trial.source)
    destination = TraceReport.End(trial.destination)
    transport = "\(trial.probe.transport)"
    port = trial.probe.port
    icmpType = trial.probe.type?.type
    arrival = result.arrival.map { arrival in
      TraceReport.Arrival(
        name: arrival.name, address: "\(arrival.address)", port: arrival.port,
        seenSource: TraceReport.End(name: arrival.sourceName, address: "\(arrival.source)"))
    }
    decision = TraceReport.Deciding(
      reason: result.decision.reason, location: result.decision.span.map(locator.location))
    path = withPath ? result.ways.map { TraceReport.Way($0, $1, locator) } : nil
  }
}

extension TraceReport.End {
  fileprivate init(_ end: FlowEnd) { self.init(name: end.name, address: "\(end.address)") }
}

extension TraceReport.Way {
  fileprivate init(_ packet: String, _ passage: Passage, _ locator: Locator) {
    self.packet = packet
    fate = passage.fate.words
    steps = passage.steps.map { step in
      TraceReport.Stop(
        hook: step.hook.rawValue, layer: step.layer == .bridge ? "bridge" : "host",
        table: step.table, chain: step.chain, rule: step.rule + 1, map: step.element?.map,
        effect: StepWords(step).effect, comment: step.comment,
        location: (step.origin?.span).map(locator.location))
    }
  }
}

extension TrialResult {
  /// The packets' ways with their names.
  var ways: [(packet: String, passage: Passage)] {
    guard let exchange else { return [] }
    return [
      ("opening", exchange.opening), ("answer", exchange.answer),
      ("continuation", exchange.continuation),
    ].compactMap { name, passage in passage.map { (name, $0) } }
  }
}

extension TraceReport.Opening {
  fileprivate init(_ opening: PolicyOpening) {
    self.init(
      lines: opening.lines, removed: opening.removed, file: opening.file, line: opening.line)
  }
}
