import NetworkTypes
import TestSupport

/// Reads lines such as `8 lan -> host tcp 80, 443 reached proxy as lan`.
///
/// A line is `ROW SENDERS -> DESTINATIONS KIND [MODIFIERS] OUTCOME [port FIRST-LAST] [needs NEED]`,
/// where the ports are those that the probe may arrive from; lists are joined by commas, and a line
/// stands for every combination in every family that it has addresses in.
/// KIND is `tcp PORTS`, `udp PORTS`, `sctp PORTS`, `icmp`, `dhcp`, or `forged` and one of
/// `syn PORTS`, `synack PORTS`, `udp PORTS`, `icmp`, `icmp-reply`, `claim`, `solicitation` and
/// `router-advert`. MODIFIERS are `ipv4`, `ipv6`, `source ENDPOINT`, `port PORT`, and for forged frames
/// `hardware stranger`, `routed` (by way of the host, though the destination is a neighbour) and
/// `tagged` (for VLAN 0), and `held` for connections that stay open until `then release`.
/// OUTCOME is `dropped [at STATION]`, `rejected`, `intact`, `clamped SIZE`, `anything`, or `reached`
/// or `closed` with `[STATION[:PORT]] [as ENDPOINT]`.
struct ExpectationParser {
  let plan: TopologyPlan
  private let number: Int
  private var words: ArraySlice<String>

  struct ParseError: Error, CustomStringConvertible {
    let line: Int
    let message: String

    var description: String { "line \(line): \(message)" }
  }

  /// Reads a line without its comment.
  static func parse(
    _ text: String, line: Int, in plan: TopologyPlan
  ) throws(ParseError) -> [Expectation] {
    var parser = ExpectationParser(plan: plan, number: line, words: split(text)[...])
    return try parser.line()
  }

  // A comma belongs to the word before it; spaces around it do not matter.
  private static func split(_ text: String) -> [String] {
    var words: [String] = []
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init) {
      if let last = words.last, last.hasSuffix(",") || word.hasPrefix(",") {
        words[words.count - 1] = last + word
      } else {
        words.append(word)
      }
    }
    return words
  }

  private mutating func line() throws(ParseError) -> [Expectation] {
    guard let row = Int(try next("a row")), (1...19).contains(row) else {
      throw error("rows are numbers from 1 to 19")
    }
    let senders = try stations(try next("senders"))
    guard try next("->") == "->" else { throw error("-> stands between sender and destination") }
    let destinations = try endpoints(try next("destinations"))
    let kinds = try kinds()
    let modifiers = try modifiers()
    let outcome = try outcome()
    let sourcePorts = try sourcePorts()
    let need = try need()
    guard words.isEmpty else { throw error("more words than a line has: \(words)") }
    var expectations: [Expectation] = []
    for sender in senders {
      for destination in destinations {
        for kind in kinds {
          for family in modifiers.families {
            guard let address = destination[family], sender.address(family) != nil else {
              continue
            }
            guard modifiers.source == nil || modifiers.source?[family] != nil else { continue }
            let probe = Probe(
              from: sender, to: address, kind, source: modifiers.source?[family],
              sourcePort: modifiers.sourcePort, oddities: modifiers.oddities,
              isHeld: modifiers.isHeld)
            expectations.append(
              Expectation(
                line: number, row: row, probe: probe,
                outcome: try outcome.resolved(for: probe, to: destination, self), need: need,
                sourcePorts: sourcePorts))
          }
        }
      }
    }
    guard !expectations.isEmpty else { throw error("no family is left") }
    return expectations
  }

  func error(_ message: String) -> ParseError { ParseError(line: number, message: message) }

  private mutating func next(_ what: String) throws(ParseError) -> String {
    guard let word = words.popFirst() else { throw error("\(what) missing") }
    return word
  }

  private mutating func take(_ word: String) -> Bool {
    guard words.first == word else { return false }
    words.removeFirst()
    return true
  }

  private func stations(_ word: String) throws(ParseError) -> [Station] {
    var stations: [Station] = []
    for name in word.split(separator: ",") { stations.append(try station(String(name))) }
    return stations
  }

  private func station(_ name: String) throws(ParseError) -> Station {
    guard let station = plan.station(named: name) else { throw error("no station \(name)") }
    return station
  }

  private func endpoints(_ word: String) throws(ParseError) -> [Endpoint] {
    var endpoints: [Endpoint] = []
    for name in word.split(separator: ",") { endpoints.append(try endpoint(String(name))) }
    return endpoints
  }

  private func endpoint(_ name: String) throws(ParseError) -> Endpoint {
    guard let endpoint = Endpoint(name, in: plan) else { throw error("no endpoint \(name)") }
    return endpoint
  }

  private func port(_ word: some StringProtocol) throws(ParseError) -> UInt16 {
    guard let port = UInt16(word), port > 0 else { throw error("no port \(word)") }
    return port
  }

  private mutating func ports() throws(ParseError) -> [UInt16] {
    var ports: [UInt16] = []
    for word in try next("ports").split(separator: ",") { ports.append(try port(word)) }
    return ports
  }

  private mutating func kinds() throws(ParseError) -> [Probe.Kind] {
    switch try next("a kind") {
    case "tcp": return try ports().map { .tcp($0) }
    case "udp": return try ports().map { .udp($0) }
    case "sctp": return try ports().map { .sctp($0) }
    case "icmp": return [.echo]
    case "dhcp": return [.dhcpReply]
    case "forged": return try forgeries().map { .forged($0) }
    case let word: throw error("no kind \(word)")
    }
  }

  private mutating func forgeries() throws(ParseError) -> [Probe.Forgery] {
    switch try next("a kind of forgery") {
    case "syn": return try ports().map { .syn($0) }
    case "synack": return try ports().map { .synAck($0) }
    case "udp": return try ports().map { .udp($0) }
    case "icmp": return [.echoRequest]
    case "icmp-reply": return [.echoReply]
    case "claim": return [.claim]
    case "solicitation": return [.solicitation]
    case "router-advert": return [.routerAdvertisement]
    case let word: throw error("no kind of forgery \(word)")
    }
  }

  private struct Modifiers {
    var families = AddressFamily.allCases
    var source: Endpoint?
    var sourcePort: UInt16?
    var oddities = Probe.Oddities()
    var isHeld = false
  }

  /// A hardware address that no station has.
  private static let stranger: [UInt8] = [0x02, 0x66, 0x66, 0x66, 0x66, 0x66]

  private mutating func modifiers() throws(ParseError) -> Modifiers {
    var modifiers = Modifiers()
    while true {
      if take("ipv4") {
        modifiers.families = [.ipv4]
      } else if take("ipv6") {
        modifiers.families = [.ipv6]
      } else if take("source") {
        modifiers.source = try endpoint(try next("a source"))
      } else if take("port") {
        modifiers.sourcePort = try port(try next("a source port"))
      } else if take("hardware") {
        guard take("stranger") else { throw error("hardware addresses are a stranger's") }
        modifiers.oddities.hardwareSource = Self.stranger
      } else if take("routed") {
        modifiers.oddities.isRouted = true
      } else if take("tagged") {
        modifiers.oddities.isTagged = true
      } else if take("held") {
        modifiers.isHeld = true
      } else {
        return modifiers
      }
    }
  }

  private mutating func outcome() throws(ParseError) -> ExpectedOutcome {
    switch try next("an outcome") {
    case "dropped": return .dropped(at: take("at") ? try station(try next("a station")) : nil)
    case "rejected": return .rejected
    case "intact": return .intact
    case "clamped": return .clamped(try port(try next("a size")))
    case "anything": return .anything
    case "reached": return try arrival(isServed: true)
    case "closed": return try arrival(isServed: false)
    case let word: throw error("no outcome \(word)")
    }
  }

  private mutating func arrival(isServed: Bool) throws(ParseError) -> ExpectedOutcome {
    var target: (station: Station, port: UInt16?)?
    if let word = words.first, !["as", "port", "needs"].contains(word) {
      words.removeFirst()
      let parts = word.split(separator: ":", maxSplits: 1)
      target = (try station(String(parts[0])), parts.count == 2 ? try port(parts[1]) : nil)
    }
    let source = take("as") ? try endpoint(try next("a source")) : nil
    return .arrival(target, source: source, isServed: isServed)
  }

  private mutating func sourcePorts() throws(ParseError) -> ClosedRange<UInt16>? {
    guard take("port") else { return nil }
    let parts = try next("source ports").split(separator: "-")
    guard parts.count == 2 else { throw error("source ports are a range") }
    let (first, last) = (try port(parts[0]), try port(parts[1]))
    guard first <= last else { throw error("source ports are a range") }
    return first...last
  }

  private mutating func need() throws(ParseError) -> Expectation.Need? {
    guard take("needs") else { return nil }
    let word = try next("a need")
    guard let need = Expectation.Need(rawValue: word) else { throw error("no need \(word)") }
    return need
  }
}

/// An outcome as a line says it: what it leaves out depends on the probe.
private enum ExpectedOutcome {
  case arrival((station: Station, port: UInt16?)?, source: Endpoint?, isServed: Bool)
  case dropped(at: Station?)
  case rejected
  case intact
  case clamped(UInt16)
  case anything

  func resolved(
    for probe: Probe, to destination: Endpoint, _ parser: ExpectationParser
  ) throws(ExpectationParser.ParseError) -> Expectation.Outcome {
    switch self {
    case .dropped(let station): return .dropped(at: station)
    case .rejected: return .rejected
    case .intact: return .intact
    case .clamped(let size): return .clamped(size)
    case .anything: return .anything
    case .arrival(let target, let source, let isServed):
      guard let station = target?.station ?? destination.owner else {
        throw parser.error("nobody has \(probe.destination): say who is reached")
      }
      guard
        let address = source == nil
          ? probe.ownSource(at: station, in: parser.plan) : source?[probe.family]
      else { throw parser.error("the source has no address in \(probe.family)") }
      let port = target?.port ?? probe.kind.port
      return isServed
        ? .reached(station, port: port, source: address)
        : .closed(station, port: port, source: address)
    }
  }
}

extension Probe {
  /// The source that the sender gives a packet, untouched by any rewriting.
  fileprivate func ownSource(at receiver: Station, in plan: TopologyPlan) -> IPAddress? {
    if let source { return source }
    if kind == .forged(.claim) { return destination }
    guard sender.isHost else { return sender.address(family) }
    return plan.isHosts(destination)
      ? plan.sourceForOwn(destination)
      : receiver.segment.gateway(for: destination) ?? sender.address(family)
  }
}

extension Probe.Kind {
  /// The port that the probe is sent to.
  var port: UInt16? {
    switch self {
    case .tcp(let port), .udp(let port), .sctp(let port): port
    case .forged(.syn(let port)), .forged(.synAck(let port)), .forged(.udp(let port)): port
    case .dhcpReply: 68
    case .echo, .forged(.echoRequest), .forged(.echoReply), .forged(.claim),
      .forged(.solicitation), .forged(.routerAdvertisement):
      nil
    }
  }
}
