import Evaluation
import Netfilter
import NetworkTypes

/// Packets that one sender and those who answer it send, one after the other.
struct Talk: Hashable {
  enum Kind: Hashable {
    /// The packet alone.
    case once
    /// The packet opens a connection with somebody who answers.
    case connection
    /// Nobody listens there.
    case nobody
    /// Whoever answered complains afterwards by an ICMP error.
    case complaint
    /// So many connections that stay open, which differ in the sender's port.
    case crowd(Int)
    /// The packet so often, without an answer.
    case repeated(Int)
    /// A connection with so many more packets of the one who opened it.
    case long(Int)
    /// The packet after a day in which the host sent nothing but, at its end, a packet to somebody.
    case afterSilence(IPAddress?)
  }

  let packet: Packet
  let ingress: Ingress
  let kind: Kind
}

/// What a talk comes to, as far as it can be noticed.
struct Hearing {
  /// Something that senders, receivers or readers of the log notice.
  enum Fact: Hashable {
    case outcome(Exchange.Outcome)
    case end(Passage.Fate, Packet)
    case effect(Step.Effect)
  }

  /// A rule of a line that counts the packet, or what denied it.
  struct Count: Hashable {
    let place: String?
    let comment: String?
  }

  private let counting: CountingRules
  private(set) var facts: [Fact] = []
  private(set) var counts: [Count] = []
  private(set) var isDecided = true
  private(set) var steps: [(Step, AddressFamily)] = []

  init(_ talk: Talk, on host: Evaluator, counting: CountingRules) {
    self.counting = counting
    var host = host
    switch talk.kind {
    case .once: host.send(talk.packet, from: talk.ingress).forEach { note($0) }
    case .connection: note(host.exchange(talk.packet, from: talk.ingress))
    case .nobody: note(host.exchange(talk.packet, from: talk.ingress, with: .nobody))
    case .complaint:
      let exchange = host.exchange(talk.packet, from: talk.ingress, staysOpen: true)
      note(exchange)
      guard let arrival = exchange.arrival else { break }
      host.send(arrival.error, from: exchange.opening.fate.otherEnd).forEach { note($0) }
    case .crowd(let count):
      for number in 0..<count {
        note(
          host.exchange(
            talk.packet.numbered(UInt16(number)), from: talk.ingress, staysOpen: true))
      }
    case .repeated(let count):
      for _ in 0..<count { host.send(talk.packet, from: talk.ingress).forEach { note($0) } }
    case .long(let count):
      note(host.exchange(talk.packet, from: talk.ingress, staysOpen: true))
      for _ in 0..<count {
        host.send(talk.packet.following, from: talk.ingress).forEach { note($0) }
      }
    case .afterSilence(let neighbor):
      _ = host.send(talk.packet, from: talk.ingress)
      host.wait(milliseconds: 100_000_000)
      if let neighbor, let own = host.topology.sourceAddress(for: neighbor) {
        _ = host.send(
          Packet(from: own, to: neighbor, .ports(.udp, from: 40_000, to: 7)), from: .host)
      }
      host.send(talk.packet, from: talk.ingress).forEach { note($0) }
    }
  }

  /// Whether the first packet came to somebody.
  var hasArrived: Bool {
    facts.contains { fact in
      switch fact {
      case .outcome(.works), .end(.sent, _), .end(.delivered, _): true
      case .outcome, .end, .effect: false
      }
    }
  }

  private mutating func note(_ exchange: Exchange) {
    facts.append(.outcome(exchange.outcome))
    note(exchange.opening)
    exchange.answer.map { note($0) }
    exchange.continuation.map { note($0) }
  }

  private mutating func note(_ passage: Passage) {
    if case .undecided = passage.fate { isDecided = false }
    // Nobody sees marks.
    var packet = passage.packet
    packet.mark = 0
    facts.append(.end(passage.fate, packet))
    for step in passage.steps {
      steps.append((step, packet.family))
      if counting.contains(step) {
        counts.append(Count(place: step.origin?.location, comment: step.comment))
      }
      for effect in step.effects where effect.isNoticed { facts.append(.effect(effect)) }
    }
    switch passage.fate {
    case .dropped, .rejected:
      counts.append(
        Count(place: passage.steps.last?.origin?.location, comment: passage.steps.last?.comment))
    case .delivered, .sent, .discarded, .undecided: break
    }
  }
}

/// The rules of lines whose counters `status` shows.
enum CountingRules {
  /// Those of a ruleset that say so.
  case named(Set<Place>)
  /// All that decide something, as with iptables.
  case all

  struct Place: Hashable {
    let layer: Step.Layer
    let chain: String
    let rule: Int
  }

  init(_ program: Program) {
    var places: Set<Place> = []
    for table in program.tables {
      for chain in table.chains {
        guard case .ruleset(let rules) = chain.rules else {
          self = .all
          return
        }
        for (index, rule) in rules.enumerated() where rule.actions.contains(.counter) {
          places.insert(
            Place(
              layer: table.scope == .frames ? .bridge : .host, chain: chain.name, rule: index))
        }
      }
    }
    self = .named(places)
  }

  fileprivate func contains(_ step: Step) -> Bool {
    guard step.origin != nil else { return false }
    switch self {
    case .named(let places):
      return places.contains(Place(layer: step.layer, chain: step.chain, rule: step.rule))
    case .all:
      return step.effects.contains(.verdict(.accept)) || step.effects.contains(.verdict(.drop))
    }
  }
}

extension Step.Effect {
  /// Whether it is seen apart from what becomes of the packet.
  fileprivate var isNoticed: Bool {
    switch self {
    case .log, .clampMSS, .fixChecksum: true
    case .verdict, .reject, .destination, .source, .mark, .remember, .policyDrop: false
    }
  }
}

extension Passage.Fate {
  /// Where those sit who got the packet.
  fileprivate var otherEnd: Ingress {
    switch self {
    case .sent(let interface, let port): .interface(port ?? interface)
    case .delivered, .dropped, .rejected, .discarded, .undecided: .host
    }
  }
}

extension Packet {
  /// What its receiver says who cannot take it any further.
  fileprivate var error: Packet {
    Packet(
      from: destination, to: source,
      .icmpError(
        type: ICMPType.unreachable(family), code: ICMPType.portUnreachable(family), about: self))
  }

  /// What its sender sends when it was answered.
  fileprivate var following: Packet {
    guard case .tcp(let from, let to, _) = content else { return self }
    var result = self
    result.content = .tcp(from: from, to: to, .later)
    return result
  }

  /// The first packet of another connection to the same place.
  fileprivate func numbered(_ number: UInt16) -> Packet {
    var result = self
    switch content {
    case .tcp(let from, let to, let segment):
      result.content = .tcp(from: from &+ number, to: to, segment)
    case .ports(let transport, let from, let to):
      result.content = .ports(transport, from: from &+ number, to: to)
    case .icmp(let type, let code, let identifier):
      result.content = .icmp(type: type, code: code, identifier: identifier &+ number)
    case .icmpError, .neighbor, .other, .arp: break
    }
    return result
  }
}
