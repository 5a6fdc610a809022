import NetworkTypes
import TestSupport

/// What must become of one probe.
struct Expectation: Sendable {
  enum Outcome: Hashable, Sendable {
    /// Arrives there, and nowhere else, from this source; an answer comes back.
    case reached(Station, port: UInt16?, source: IPAddress)
    /// Arrives there, and nowhere else, from this source, where nobody listens; the sender hears it.
    case closed(Station, port: UInt16?, source: IPAddress)
    /// Arrives there, and nowhere else, from this source; nothing comes back.
    case unanswered(Station, port: UInt16?, source: IPAddress)
    /// Arrives nowhere, or not there, and the sender hears nothing.
    case dropped(at: Station?)
    /// Arrives nowhere, and the sender is told so.
    case rejected
    /// Nothing is said; what follows has to bear with it.
    case anything
    /// Arrives with the right checksum.
    case intact
    /// Arrives, and both ends have heard of segments of just this size.
    case clamped(UInt16)
  }

  /// What must be so for the expectation to hold.
  enum Need: String, CaseIterable, Hashable, Sendable {
    /// The rules see frames between two ports of a bridge.
    case bridged
    /// The rules see frames with a VLAN tag.
    case tagged
    /// The rules see ARP and can read neighbour discovery.
    case arp
    /// Frames between two ports of a bridge are kept from IP rules, for somebody else's drop them.
    case unfiltered
    /// The rules stand in the same chains as somebody else's, and before these.
    case joint
    /// The rules stand in chains of their own, where any drop is final.
    case separate
  }

  /// The line of the file that says it.
  let line: Int
  /// The row of the table of situations.
  let row: Int
  let probe: Probe
  let outcome: Outcome
  let need: Need?
  /// The source ports that the probe may arrive from; `nil` for any.
  let sourcePorts: ClosedRange<UInt16>?
  /// Rounds are sent one after the other, the first is 0.
  var round = 0
  /// The peers' cases that it is about.
  var cases: [Int] = []

  /// Whether `observation` is what must be.
  func isMet(by observation: Observation) -> Bool {
    switch outcome {
    case .reached(let station, let port, let source):
      return arrives(observation, station, port, source)
        && (probe.isForged || observation.isAnswered)
    case .closed(let station, let port, let source):
      return arrives(observation, station, port, source) && observation.refusal != nil
    case .unanswered(let station, let port, let source):
      return arrives(observation, station, port, source) && !observation.isAnswered
        && observation.refusal == nil
    case .dropped(let station?):
      return !observation.deliveries.contains { $0.station == station }
    case .dropped(nil):
      return observation.deliveries.isEmpty && !observation.isAnswered
        && observation.refusal == nil
    case .rejected:
      return observation.deliveries.isEmpty && observation.refusal != nil
    case .intact:
      return observation.hasValidChecksum == true
    case .clamped(let size):
      return observation.isAnswered && observation.segmentSizes == [size]
    case .anything:
      return true
    }
  }

  private func arrives(
    _ observation: Observation, _ station: Station, _ port: UInt16?, _ source: IPAddress
  ) -> Bool {
    let isThere = observation.deliveries.contains {
      $0.station == station && $0.source == source && (port == nil || $0.port == port)
        && isExpected($0.sourcePort)
    }
    let isAstray = observation.deliveries.contains { $0.station != station }
    return isThere && (probe.isForManyReceivers || !isAstray)
  }

  func isExpected(_ port: UInt16?) -> Bool {
    guard let sourcePorts else { return true }
    return port.map(sourcePorts.contains) ?? false
  }

  /// Whether a second, more patient look could turn `observation` into what must be.
  func mayBeLate(_ observation: Observation) -> Bool {
    switch outcome {
    case .reached, .closed, .unanswered, .rejected, .intact, .clamped: !isMet(by: observation)
    case .dropped, .anything: false
    }
  }
}

extension Probe {
  var isForged: Bool {
    if case .forged = kind { return true }
    return false
  }

  var isSCTP: Bool {
    if case .sctp = kind { return true }
    return false
  }

  /// Whether everybody on the link is meant to hear it.
  var isForManyReceivers: Bool {
    if case .forged(.claim) = kind { return true }
    return destination.isMulticast || destination.bits & 0xFFFF == 0xFFFF
  }
}

extension Expectation: CustomStringConvertible {
  var description: String {
    var text = "row \(row): \(probe.sender.name) -> \(probe.destination) \(probe.kind.text)"
    if let source = probe.source { text += " source \(source)" }
    if let port = probe.sourcePort { text += " source port \(port)" }
    if probe.oddities.hardwareSource != nil { text += " hardware stranger" }
    if probe.oddities.isRouted { text += " routed" }
    if probe.oddities.isTagged { text += " tagged" }
    if probe.isHeld { text += " held" }
    let ports = sourcePorts.map { " port \($0.lowerBound)-\($0.upperBound)" }
    return text + ": expected \(outcome.text)\(ports ?? "")"
  }
}

extension Probe.Kind {
  fileprivate var text: String {
    switch self {
    case .tcp(let port): "tcp \(port)"
    case .udp(let port): "udp \(port)"
    case .sctp(let port): "sctp \(port)"
    case .echo: "icmp"
    case .dhcpReply: "dhcp"
    case .forged(.syn(let port)): "forged syn \(port)"
    case .forged(.synAck(let port)): "forged synack \(port)"
    case .forged(.udp(let port)): "forged udp \(port)"
    case .forged(.echoRequest): "forged icmp"
    case .forged(.echoReply): "forged icmp-reply"
    case .forged(.claim): "forged claim"
    case .forged(.solicitation): "forged solicitation"
    case .forged(.routerAdvertisement): "forged router-advert"
    }
  }
}

extension Expectation.Outcome {
  fileprivate var text: String {
    switch self {
    case .reached(let station, let port, let source):
      "reached \(station.name)\(port.map { ":\($0)" } ?? "") as \(source)"
    case .closed(let station, let port, let source):
      "closed \(station.name)\(port.map { ":\($0)" } ?? "") as \(source)"
    case .unanswered(let station, let port, let source):
      "unanswered \(station.name)\(port.map { ":\($0)" } ?? "") as \(source)"
    case .dropped(let station): "dropped\(station.map { " at \($0.name)" } ?? "")"
    case .rejected: "rejected"
    case .intact: "intact"
    case .clamped(let size): "clamped \(size)"
    case .anything: "anything"
    }
  }
}

extension Observation {
  /// What happened, in a few words.
  var summary: String {
    var parts = deliveries.map { delivery in
      let port = delivery.port.map { ":\($0)" } ?? ""
      let sourcePort = delivery.sourcePort.map { " port \($0)" } ?? ""
      return "reached \(delivery.station.name)\(port) as \(delivery.source)\(sourcePort)"
    }
    if parts.isEmpty { parts.append("reached nobody") }
    if isAnswered { parts.append("answered") }
    if let refusal { parts.append("refused with \(SystemCallError("errno \(refusal)", refusal))") }
    if !segmentSizes.isEmpty { parts.append("segments \(segmentSizes.sorted())") }
    if let hasValidChecksum { parts.append("checksum \(hasValidChecksum ? "right" : "wrong")") }
    return parts.joined(separator: ", ")
  }
}
