import Evaluation
import NetworkTypes
import TestSupport

/// A packet that a station of a generated host sends once or more.
struct Attempt {
  /// The station's name: a smaller policy has stations of its own.
  let sender: String
  let packet: Packet
  /// Whether it goes to the host's hardware address, whoever has the destination address.
  let isRouted: Bool
  /// How often it is sent, from one port more each time.
  let count: Int

  /// What becomes of it, each time; `nil` where the station is not there.
  func outcomes(
    _ evaluator: Evaluator, _ host: ModelTopology
  ) throws -> [AttemptOutcome]? {
    guard let station = host.plan.station(named: sender),
      let ingress = try host.ingress(of: station, isRouted: isRouted)
    else { return nil }
    var evaluator = evaluator
    return (0..<count).map { number in
      let packet = packet.readdressed(
        fromPort: packet.sourcePort.map { min($0, .max - 4) + UInt16(number) })
      guard opensConnection else {
        return AttemptOutcome(evaluator.send(packet, from: ingress))
      }
      return AttemptOutcome(evaluator.exchange(packet, from: ingress, staysOpen: true))
    }
  }

  private var opensConnection: Bool {
    guard !packet.destination.isForMany else { return false }
    switch packet.content {
    case .tcp(_, _, let segment): return segment == .opening
    case .ports: return true
    case .icmp(let type, _, _): return type == ICMPType.echoRequest(packet.family)
    case .icmpError, .neighbor, .other, .arp: return false
    }
  }

  /// Whether conntrack takes it for a part of something that it has not seen begin.
  var isStray: Bool {
    switch packet.content {
    case .tcp(_, _, let segment): segment != .opening
    case .icmp(let type, _, _): type != ICMPType.echoRequest(packet.family)
    case .icmpError: true
    case .ports, .neighbor, .other, .arp: false
    }
  }

  /// Whether it bears the hardware address of a machine that does not have its source address.
  func isDisguised(on plan: TopologyPlan) -> Bool {
    plan.others.contains { station in
      station.hardware == packet.sourceMAC
        && !station.addresses.contains { $0.address == packet.source }
    }
  }

  /// Whether it goes by way of the host to a neighbor, whose answers do not.
  func isDetour(on plan: TopologyPlan) -> Bool {
    guard isRouted, let segment = plan.station(named: sender)?.segment else { return false }
    return segment.hostAddresses.contains { $0.prefix.contains(packet.destination) }
  }

  /// Whether the source is an address that the sender does not have.
  func isSpoofed(on plan: TopologyPlan) -> Bool {
    guard let station = plan.station(named: sender) else { return false }
    return !station.addresses.contains { $0.address == packet.source }
  }

  /// Whether one end, other than everybody, has an address that is none of the sender's link's.
  func isForeign(on plan: TopologyPlan) -> Bool {
    guard let segment = plan.station(named: sender)?.segment else { return false }
    let isEverybody = packet.destination.isMulticast || packet.destination.bits == 0xFFFF_FFFF
    return ([packet.source] + (isEverybody ? [] : [packet.destination])).contains { address in
      !segment.hostAddresses.contains { $0.prefix.contains(address) }
    }
  }

  /// Whether a bridge sends it to all its ports.
  var isForMany: Bool { packet.destination.isForMany }

  /// Whether sender and destination may be ports of one bridge, so that the host only bridges it.
  func isBridged(on plan: TopologyPlan) -> Bool {
    guard let segment = plan.station(named: sender)?.segment, segment.isBridge, !isRouted else {
      return false
    }
    return isForMany
      || !plan.isHosts(packet.destination)
        && segment.hostAddresses.contains { $0.prefix.contains(packet.destination) }
  }
}

extension IPAddress {
  fileprivate var isForMany: Bool { isMulticast || family == .ipv4 && bits & 0xFF == 0xFF }
}

/// What becomes of a packet, as far as those who send and receive notice.
struct AttemptOutcome: Hashable {
  /// How the connection fares; `nil` for a packet alone.
  private var exchange: String?
  private var copies: [Copy]
  let isUndecided: Bool

  /// Where a copy ends, and what it looks like there.
  private struct Copy: Hashable {
    var fate: Passage.Fate
    let packet: Packet
    /// The last rules that it met.
    let steps: ArraySlice<Step>

    init(_ passage: Passage) {
      fate = passage.fate
      steps = passage.steps.suffix(2)
      var packet = passage.packet
      packet.mark = 0
      self.packet = packet
    }

    var hasArrived: Bool {
      switch fate {
      case .delivered, .sent: true
      case .dropped, .rejected, .discarded, .undecided: false
      }
    }

    var isRejected: Bool {
      if case .rejected = fate { true } else { false }
    }

    var isUndecided: Bool {
      if case .undecided = fate { true } else { false }
    }
  }

  init(_ passages: [Passage]) {
    exchange = nil
    copies = passages.map(Copy.init)
    isUndecided = copies.contains(where: \.isUndecided)
  }

  init(_ exchange: Exchange) {
    copies = [Copy(exchange.opening)]
    self.exchange =
      switch exchange.outcome {
      case .works: "works"
      case .openingLost: "opening lost"
      case .refused: "refused"
      case .answerLost: "answer lost"
      case .continuationLost: "continuation lost"
      case .undecided: nil
      }
    isUndecided = exchange.isAllowed == nil || copies.contains(where: \.isUndecided)
  }

  var hasArrived: Bool { copies.contains(where: \.hasArrived) }

  /// The same if a refusal were a drop.
  var withoutRefusals: AttemptOutcome {
    var result = self
    guard copies.contains(where: \.isRejected) else { return result }
    if exchange == "refused" { result.exchange = "opening lost" }
    for index in copies.indices where copies[index].isRejected {
      result.copies[index].fate = .dropped
    }
    return result
  }

  /// Whether nobody can tell the two apart: what is lost is lost, by whatever rule.
  ///
  /// - Parameter refusalsMayDiffer: whether refusals may be of another kind.
  func agrees(with other: AttemptOutcome, refusalsMayDiffer: Bool) -> Bool {
    guard exchange == other.exchange, copies.count == other.copies.count else { return false }
    return zip(copies, other.copies).allSatisfy { mine, theirs in
      switch (mine.fate, theirs.fate) {
      case (.delivered, .delivered): mine.packet == theirs.packet
      case (.sent, .sent): mine.fate == theirs.fate && mine.packet == theirs.packet
      case (.rejected(let one), .rejected(let two)): refusalsMayDiffer || one == two
      case (.dropped, .dropped), (.dropped, .discarded), (.discarded, .dropped),
        (.discarded, .discarded):
        true
      case (.undecided, .undecided): true
      case (.delivered, _), (.sent, _), (.rejected, _), (.dropped, _), (.discarded, _),
        (.undecided, _):
        false
      }
    }
  }
}

extension AttemptOutcome: CustomStringConvertible {
  var description: String {
    let ends = copies.map { copy in
      let port = copy.packet.destinationPort.map { " port \($0)" } ?? ""
      let steps = copy.steps.map { " by \($0.table)/\($0.chain)[\($0.rule)] \($0.comment ?? "")" }
      return
        "\(copy.fate)\(steps.joined()) as \(copy.packet.source) -> \(copy.packet.destination)\(port)"
    }
    return ([exchange].compactMap(\.self) + ends).joined(separator: ", ")
  }
}

extension Attempt: CustomStringConvertible {
  var description: String {
    "\(sender): \(packet.source) -> \(packet.destination) \(packet.content)"
      + (isRouted ? " routed" : "") + (count > 1 ? " x\(count)" : "")
      + (packet.sourceMAC.map { " hardware \($0)" } ?? "")
  }
}
