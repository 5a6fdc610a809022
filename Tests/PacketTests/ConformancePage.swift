import NetworkTypes
import TestSupport

/// `Docs/Conformance.md`: every case of the peers' and what came of it.
///
/// It tells what the probes ask for; that this holds is for ``PacketTests`` to show.
struct ConformancePage {
  let cases: [PeerCase]
  let scenarios: [Scenario]
  let refused: [RefusedPolicy]

  /// Reads all that there is.
  init() throws {
    cases = try PeerCase.all()
    scenarios = try Scenario.conformanceNames.map { try Scenario(named: $0) }
    refused = try RefusedPolicy.all()
  }

  /// Whether something of the case is tried.
  func isTried(_ peerCase: PeerCase) -> Bool {
    !peerCase.tests.isEmpty || refused.contains { $0.number == peerCase.number }
      || scenarios.contains { $0.expectations.contains { $0.cases.contains(peerCase.number) } }
  }

  var text: String {
    let tried = cases.filter { $0.omission == nil }
    let omitted = cases.filter { $0.omission != nil }
    var projects: [String] = []
    for peerCase in tried where !projects.contains(peerCase.project) {
      projects.append(peerCase.project)
    }
    let sections = projects.map { project in
      section(project, tried.filter { $0.project == project })
    }
    return """
      <!-- Made from Tests/PacketTests/Conformance by `make golden`. Do not edit. -->

      # Cases of other projects

      Projects that make rules for hosts of containers and VMs have tests, goldens and issues that say
      what must become of packets. This page has \(cases.count) facts of these, each with its source, in
      words of our own. \(tried.count) are tried here, \(omitted.count) are left out, with the reason.

      A case is tried by probes under a policy (both in
      [Tests/PacketTests/Conformance](../Tests/PacketTests/Conformance)): packets between network
      namespaces, on the real kernel, under the rules of each backend, with bridged frames handed to IP
      rules (`bridge-nf-call-iptables` 1) and not. The columns of the backends say what becomes of them;
      the tests fail where it does not. A policy that must be refused names its finding. **Here** says
      where this product asks for something else than the peer, or for more.

      \(sections.joined(separator: "\n"))
      ## Left out

      | case | what holds there | source | why |
      |---|---|---|---|
      \(omitted.map(omissionRow).joined(separator: "\n"))

      """
  }

  private func section(_ project: String, _ cases: [PeerCase]) -> String {
    let tools = FirewallTool.loaders.map(\.rawValue).joined(separator: " | ")
    return """
      ## \(project)

      | case | what holds there | source | tried by | \(tools) |
      |---|---|---|---|---|---|---|
      \(cases.map(row).joined(separator: "\n"))

      """
  }

  private func row(_ peerCase: PeerCase) -> String {
    let fact = peerCase.fact + (peerCase.difference.map { " **Here:** \($0)" } ?? "")
    let verdicts = FirewallTool.loaders.map { verdict(of: peerCase, by: $0) }
    let cells = [peerCase.name, fact, source(of: peerCase), trials(of: peerCase)] + verdicts
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private func omissionRow(_ peerCase: PeerCase) -> String {
    let cells = [peerCase.name, peerCase.fact, peerCase.source, peerCase.omission ?? ""]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  /// The source without the name of the project, which is the section's.
  private func source(of peerCase: PeerCase) -> String {
    let rest = peerCase.source.dropFirst(peerCase.project.count)
    return String(rest.drop { $0 == "," || $0 == ";" || $0 == " " })
  }

  private func trials(of peerCase: PeerCase) -> String {
    let probes = scenarios.compactMap { scenario -> String? in
      let families = Set(expectations(of: peerCase, in: scenario).map(\.probe.family))
      guard !families.isEmpty else { return nil }
      let names = AddressFamily.allCases.filter(families.contains).map(\.text)
      let file = scenario.name.drop { $0 != "/" }.dropFirst()
      return "[\(file)](../Tests/PacketTests/\(scenario.name).probes) "
        + "(\(names.joined(separator: ", ")))"
    }
    let errors = refused.filter { $0.number == peerCase.number }.map { policy in
      let ids = Set(policy.errors.map(\.id)).sorted().map { "`\($0)`" }
      return "[\(policy.name)](../Tests/PacketTests/Conformance/Refused/\(policy.name).ward): "
        + "refused, \(ids.joined(separator: ", "))"
    }
    let tests = peerCase.tests.map { "[`\($0.function)`](../Tests/\($0.file).swift)" }
    return (probes + errors + tests).joined(separator: "; ")
  }

  private func expectations(of peerCase: PeerCase, in scenario: Scenario) -> [Expectation] {
    scenario.expectations.filter { $0.cases.contains(peerCase.number) }
  }

  /// What becomes of the probes under the rules of one tool.
  private func verdict(of peerCase: PeerCase, by tool: FirewallTool) -> String {
    var always: [Expectation] = []
    var filtering: [Expectation] = []
    for scenario in scenarios {
      let expectations = expectations(of: peerCase, in: scenario)
      let plain = Cell(scenario: scenario.name, tool: tool, filtersBridged: false)
      let filtered = Cell(scenario: scenario.name, tool: tool, filtersBridged: true)
      always += expectations.filter { plain.provides($0.need) }
      filtering += expectations.filter { !plain.provides($0.need) && filtered.provides($0.need) }
    }
    var parts = [counts(of: always)].filter { !$0.isEmpty }
    if !filtering.isEmpty { parts.append("\(counts(of: filtering)) with bridge-nf-call 1") }
    return parts.isEmpty ? "–" : parts.joined(separator: "; ")
  }

  private func counts(of expectations: [Expectation]) -> String {
    let outcomes = expectations.map(\.outcome.word)
    return ["reached", "intact", "clamped", "rejected", "dropped"].compactMap { word in
      let count = outcomes.count { $0 == word }
      return count == 0 ? nil : "\(count) \(word)"
    }.joined(separator: ", ")
  }
}

extension AddressFamily {
  fileprivate var text: String {
    switch self {
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    }
  }
}

extension Expectation.Outcome {
  /// What a page calls it.
  fileprivate var word: String {
    switch self {
    case .reached, .closed, .unanswered: "reached"
    case .dropped: "dropped"
    case .rejected: "rejected"
    case .intact: "intact"
    case .clamped: "clamped"
    case .anything: "anything"
    }
  }
}
