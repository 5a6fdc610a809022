import Diagnostics
import Evaluation
import Netfilter
import NetworkTypes
import PolicyModel

/// Tries flows on the rules of a backend.
struct Judge {
  /// For which states of `bridge-nf-call-iptables` and its twin packets are tried.
  enum BridgedFrames: Hashable, Sendable {
    case passed, filtered, either
    /// As it is set on the machine.
    case asSet

    /// `nil` for what is set.
    var states: [Bool?] {
      switch self {
      case .passed: [false]
      case .filtered: [true]
      case .either: [false, true]
      case .asSet: [nil]
      }
    }
  }

  let model: HostModel
  /// The rules that packets of a family and a protocol meet.
  let program: @Sendable (AddressFamily, TransportProtocol) -> Program
  let capabilities: Set<Capability>
  /// Where the line is that a rule names.
  var line: @Sendable (Origin) -> SourceSpan? = { $0.span }

  /// What becomes of a flow.
  func judge(
    _ flow: AccessRule, _ families: [AddressFamily], _ frames: BridgedFrames
  ) -> Judgment {
    var results: [TrialResult] = []
    var remarks: [String] = []
    var isPartial = false
    for family in families {
      let found = TrialFinder(model, flow, family).find()
      let builder = TopologyBuilder(model, capabilities, for: found.trials)
      for trial in found.trials { results += self.results(of: trial, builder, frames) }
      remarks += Self.remarks(found)
      isPartial = isPartial || found.isCut
    }
    var seen: Set<String> = []
    return Judgment(
      results: results, remarks: remarks.filter { seen.insert($0).inserted },
      isPartial: isPartial)
  }

  private static func remarks(_ found: TrialFinder.Result) -> [String] {
    var result = found.assumed.map {
      "\($0) is taken for an address of the host's own: the policy does not say whose it is"
    }
    if found.isCut { result.append("the flow " + Judgment.partialWords) }
    return result
  }

  private func results(
    of trial: Trial, _ builder: TopologyBuilder, _ frames: BridgedFrames
  ) -> [TrialResult] {
    if let verdict = unseen(trial) {
      let reason =
        switch verdict {
        case .unseen(let words), .undecided(let words): words
        case .allowed, .denied: ""
        }
      return [
        TrialResult(
          trial: trial, filtersBridged: frames.states.compactMap { $0 }, verdict: verdict,
          arrival: nil,
          decision: Decision(reason: reason), exchange: nil)
      ]
    }
    var results: [TrialResult] = []
    for state in frames.states {
      let result = result(of: trial, builder, filtersBridged: state)
      if let same = results.firstIndex(where: result.agrees) {
        results[same].filtersBridged += [state].compactMap { $0 }
      } else {
        results.append(result)
      }
    }
    return results
  }

  private func result(
    of trial: Trial, _ builder: TopologyBuilder, filtersBridged: Bool?
  ) -> TrialResult {
    let topology = builder.topology(for: trial, filtersBridged: filtersBridged)
    var evaluator = Evaluator(program(trial.family, trial.probe.transport), topology)
    var packet = trial.packet
    if trial.source.place != .host {
      packet.sourceMAC = TopologyBuilder.hardwareAddress(of: trial.source)
    }
    let ingress = builder.ingress(of: trial.source)
    let exchange =
      trial.isForMany
      ? Exchange(copies: evaluator.send(packet, from: ingress))
      : evaluator.exchange(packet, from: ingress)
    let verdict: TrialResult.Verdict =
      switch exchange.outcome {
      case .works: .allowed
      case .openingLost, .refused, .answerLost, .continuationLost: .denied
      case .undecided(let missing): .undecided(missing.words)
      }
    return TrialResult(
      trial: trial, filtersBridged: [filtersBridged].compactMap { $0 }, verdict: verdict,
      arrival: exchange.arrival.map(arrival), decision: Decision(exchange, line), exchange: exchange
    )
  }

  private func arrival(_ packet: Packet) -> TrialResult.Arrival {
    let name = { (address: IPAddress) in
      model.name(of: address, at: model.place(of: address))
    }
    return TrialResult.Arrival(
      address: packet.destination, port: packet.destinationPort, name: name(packet.destination),
      source: packet.source, sourceName: name(packet.source))
  }

  // MARK: Past the host

  /// What is to be said of packets that never come by the host; `nil` for others.
  private func unseen(_ trial: Trial) -> TrialResult.Verdict? {
    let places = [trial.source.place, trial.destination.place]
    for case .network(let index) in places where model.isUnseen(.network(index)) {
      let network = model.policy.networks[index]
      let interface = network.attachment.interface.value
      let others = places.filter { $0 != .network(index) }
      let isOutside = others.allSatisfy { place in
        if case .way = place { true } else { model.isUnseen(place) }
      }
      if isOutside {
        return .unseen(
          "`\(network.name.value)` is on the LAN of \(interface), past the host's rules")
      }
      return .undecided(
        "`\(network.name.value)` is on the LAN of \(interface), past the host's rules, and how "
          + "the host gets there is not known")
    }
    guard trial.source.place == trial.destination.place,
      case .network(let index) = trial.source.place
    else { return nil }
    let network = model.policy.networks[index]
    switch network.attachment.kind {
    case .bridge: return nil
    case .openvswitch, .interface, .macvlan, .ipvlan:
      return .unseen(
        "what members of `\(network.name.value)` send to each other never comes to the host")
    }
  }
}

extension Exchange {
  /// One packet for many, as if each copy were a connection that works where it arrives.
  fileprivate init(copies: [Passage]) {
    let arrived = copies.first { passage in
      switch passage.fate {
      case .delivered, .sent: true
      case .dropped, .rejected, .discarded, .undecided: false
      }
    }
    if let arrived {
      self.init(outcome: .works, opening: arrived)
    } else if let undecided = copies.first(where: { $0.missing != nil }) {
      self.init(
        outcome: undecided.missing.map(Outcome.undecided) ?? .openingLost, opening: undecided)
    } else if let first = copies.first {
      self.init(outcome: .openingLost, opening: first)
    } else {
      preconditionFailure("a packet has a fate")
    }
  }
}

extension Passage {
  fileprivate var missing: Missing? {
    if case .undecided(let missing) = fate { missing } else { nil }
  }
}

extension Trial {
  /// Whether the packet is for more than one receiver.
  fileprivate var isForMany: Bool {
    destination.address.isMulticast || destination.address == .ipv4(IPv4Address(bits: .max))
  }

  /// One of the ports that clients use (RFC 6335).
  private static let clientPort: UInt16 = 50_000

  fileprivate var packet: Packet {
    guard let message = probe.type else {
      return .first(
        probe.transport, from: source.address, port: Self.clientPort, to: destination.address,
        port: probe.port ?? 0)
    }
    return Packet(
      from: source.address, to: destination.address,
      .icmp(type: message.type, code: message.code, identifier: 0))
  }
}
