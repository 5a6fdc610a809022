import Evaluation
import Netfilter
import NetworkTypes
import TestSupport

/// A scenario tried on the model: which expectations it does not meet.
struct ModelTrial {
  private let host: ModelTopology
  /// Where somebody listens.
  private let ports: Set<UInt16>
  private let pauses: [Int: Scenario.Pause]
  private var evaluator: Evaluator
  /// The first packets of connections that stay open.
  private var held: [Packet] = []
  private var nextPort: UInt16 = 20_000

  /// The scenario's rules in one form, on its host.
  init(_ scenario: Scenario, _ form: ModelForm, filtersBridged: Bool) throws {
    let ruleset = try scenario.policy.ruleset(assuming: form.capabilities)
    try self.init(
      scenario, try form.program(of: ruleset), filtersBridged: filtersBridged,
      capabilities: form.capabilities)
  }

  /// Any rules on the scenario's host, and those of others that it has.
  init(
    _ scenario: Scenario, _ program: Program, filtersBridged: Bool,
    capabilities: Set<Capability> = []
  ) throws {
    let host = try ModelTopology(
      scenario.plan, filtersBridged: filtersBridged, routesMulticast: scenario.routesMulticast,
      capabilities: capabilities)
    var program = program
    for foreign in scenario.foreign { foreign.join(&program) }
    self.init(host, program, ports: scenario.ports, pauses: scenario.pauses)
  }

  /// - Parameter ports: where somebody listens.
  init(
    _ host: ModelTopology, _ program: Program, ports: Set<UInt16>,
    pauses: [Int: Scenario.Pause] = [:]
  ) {
    self.host = host
    self.ports = ports
    self.pauses = pauses
    evaluator = Evaluator(program, host.topology)
  }

  /// What the model has to say of a probe.
  struct Finding {
    var deliveries: [Delivery] = []
    var isAnswered = false
    var isRefused = false
    /// Where the model gives up.
    var missing: Missing?
    var passages: [Passage] = []

    struct Delivery {
      let station: Station
      let packet: Packet
    }
  }

  /// An expectation, and what the model says instead.
  struct Failure: CustomStringConvertible {
    let expectation: Expectation
    let finding: Finding

    var description: String {
      "line \(expectation.line), \(expectation): \(finding.summary)"
    }
  }

  /// Sends all probes, one after the other; `isLeftOut` tells which are not the model's to judge.
  mutating func failures(
    of expectations: [Expectation], isLeftOut: (Expectation) -> Bool
  ) throws -> [Failure] {
    var failures: [Failure] = []
    for round in 0...(expectations.map(\.round).max() ?? 0) {
      switch pauses[round] {
      case .release:
        for packet in held { evaluator.close(packet) }
        held = []
      case .milliseconds(let time): evaluator.wait(milliseconds: UInt64(time))
      case nil: break
      }
      for expectation in order(expectations.filter { $0.round == round && !isLeftOut($0) }) {
        let finding = try self.finding(expectation.probe)
        if !expectation.isMet(by: finding) {
          failures.append(Failure(expectation: expectation, finding: finding))
        }
      }
    }
    return failures
  }

  /// In the order of ``Trial``: by sender, and what poisons neighbors last.
  private func order(_ expectations: [Expectation]) -> [Expectation] {
    [false, true].flatMap { isPoisonous in
      host.plan.stations.flatMap { station in
        expectations.filter {
          $0.probe.sender == station && $0.probe.poisonsNeighbors == isPoisonous
        }
      }
    }
  }

  /// What becomes of a probe after those before it.
  mutating func finding(_ probe: Probe) throws -> Finding {
    guard
      let ingress = try host.ingress(of: probe.sender, isRouted: probe.oddities.isRouted)
    else { return Finding() }
    nextPort += 1
    let packet = probe.packet(port: nextPort, host.topology)
    if probe.isForged || probe.isForManyReceivers {
      return finding(of: evaluator.send(packet, from: ingress))
    }
    // Who answers is known when it is known where the packet arrives.
    var scout = evaluator
    let arrival = scout.send(packet, from: ingress)[0]
    let isServed = arrival.packet.destinationPort.map(ports.contains) ?? true
    let exchange = evaluator.exchange(
      packet, from: ingress, with: isServed || probe.isSCTP ? .service : .nobody,
      staysOpen: probe.isHeld)
    if probe.isHeld, exchange.outcome == .works { held.append(packet) }
    return finding(of: exchange)
  }

  private func finding(of passages: [Passage]) -> Finding {
    var finding = Finding(passages: passages)
    for passage in passages {
      if case .undecided(let missing) = passage.fate { finding.missing = missing }
      if case .rejected = passage.fate { finding.isRefused = true }
      finding.deliveries += host.receivers(of: passage).map {
        Finding.Delivery(station: $0, packet: passage.packet)
      }
    }
    return finding
  }

  private func finding(of exchange: Exchange) -> Finding {
    var result = finding(of: [exchange.opening])
    result.passages += [exchange.answer, exchange.continuation].compactMap(\.self)
    result.isRefused = false
    let isHeard = result.deliveries.allSatisfy { canAnswer($0.station, $0.packet.source) }
    switch exchange.outcome {
    case .works: result.isAnswered = isHeard && !result.deliveries.isEmpty
    case .refused: result.isRefused = isHeard
    case .openingLost, .answerLost, .continuationLost: break
    case .undecided(let missing): result.missing = missing
    }
    return result
  }

  /// Whether a station has a way back to `source`: machines outside know their own link, and some
  /// of them the guests.
  private func canAnswer(_ station: Station, _ source: IPAddress) -> Bool {
    guard station.access == .outside, !station.routesToGuests else { return true }
    return !host.plan.others.contains { other in
      other.segment != station.segment && other.addresses.contains { $0.address == source }
    }
  }
}

extension Expectation {
  /// Whether the model says what must be.
  func isMet(by finding: ModelTrial.Finding) -> Bool {
    if case .anything = outcome { return true }
    guard finding.missing == nil else { return false }
    switch outcome {
    case .reached(let station, let port, let source):
      return arrives(finding, station, port, source)
        && (probe.isForged || probe.isForManyReceivers || finding.isAnswered)
    case .closed(let station, let port, let source):
      return arrives(finding, station, port, source) && finding.isRefused
    case .unanswered(let station, let port, let source):
      return arrives(finding, station, port, source) && !finding.isAnswered && !finding.isRefused
    case .dropped(let station?):
      return !finding.deliveries.contains { $0.station == station }
    case .dropped(nil):
      return finding.deliveries.isEmpty && !finding.isAnswered && !finding.isRefused
    case .rejected: return finding.deliveries.isEmpty && finding.isRefused
    case .intact: return !finding.deliveries.isEmpty && finding.effects.contains(.fixChecksum)
    case .clamped(let size):
      return finding.isAnswered && finding.segmentSizes(probe.sender) == [size]
    case .anything: return true
    }
  }

  private func arrives(
    _ finding: ModelTrial.Finding, _ station: Station, _ port: UInt16?, _ source: IPAddress
  ) -> Bool {
    let isThere = finding.deliveries.contains {
      $0.station == station && $0.packet.source == source
        && (port == nil || $0.packet.destinationPort == port)
        && isExpected($0.packet.sourcePort)
    }
    let isAstray = finding.deliveries.contains { $0.station != station }
    return isThere && (probe.isForManyReceivers || !isAstray)
  }
}

extension ModelTrial.Finding {
  fileprivate var effects: [Step.Effect] { passages.flatMap(\.steps).flatMap(\.effects) }

  /// The largest segments that the two ends of a connection hear of: what their links take, or what
  /// rules lower it to.
  fileprivate func segmentSizes(_ sender: Station) -> Set<UInt16> {
    let path = ([sender] + deliveries.map(\.station)).compactMap(\.pathMTU).min() ?? 1500
    return Set(
      passages.prefix(2).map { passage in
        let headers = passage.packet.family == .ipv4 ? 40 : 60
        let lowered = passage.steps.flatMap(\.effects).compactMap { effect -> UInt16? in
          guard case .clampMSS(let size) = effect else { return nil }
          return size ?? UInt16(path - headers)
        }
        return ([UInt16(1500 - headers)] + lowered).min() ?? 0
      })
  }

  /// What the model says, and why.
  var summary: String {
    var parts = deliveries.map { delivery in
      let port = delivery.packet.destinationPort.map { ":\($0)" } ?? ""
      return "reached \(delivery.station.name)\(port) as \(delivery.packet.source)"
    }
    if parts.isEmpty { parts.append("reached nobody") }
    if isAnswered { parts.append("answered") }
    if isRefused { parts.append("refused") }
    if let missing { parts.append("undecided: \(missing)") }
    for passage in passages {
      parts.append("\n  \(passage.packet.source) -> \(passage.packet.destination): \(passage.fate)")
      parts += passage.steps.map { step in
        "\n    \(step.layer) \(step.hook.rawValue) \(step.table)/\(step.chain)[\(step.rule)] "
          + "\(step.element.map { "\($0.map)[\($0.index)] " } ?? "")\(step.effects)"
      }
    }
    return parts.joined(separator: ", ")
  }
}
