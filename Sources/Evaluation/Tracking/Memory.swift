import Netfilter
import NetworkTypes

/// What a host remembers of the packets that it has seen.
struct Memory: Sendable {
  var connections = ConnectionTable()
  /// In milliseconds.
  var now: UInt64 = 0
  var buckets: [CounterKey: Bucket] = [:]
  /// The original tuples that a rule counted.
  var counted: [CounterKey: Set<FlowTuple>] = [:]
  /// When sets filled by packets forget each of their flows.
  var flows: [SetEntry<FlowIdentity>: UInt64] = [:]
  /// When sets filled by packets forget each of their interfaces.
  var interfaces: [SetEntry<InterfaceName>: UInt64] = [:]
  /// The bridges on which the host is taken to have looked for its neighbors.
  var settledBridges: Set<InterfaceName> = []

  /// What counts: a rule, or a meter and a source.
  enum CounterKey: Hashable, Sendable {
    case rule(table: Int, chain: Int, rule: Int, condition: Int)
    case source(table: Int, rule: Int, meter: String, IPAddress)
    /// A rule that counts each source by itself, without a meter.
    case ruleSource(table: Int, chain: Int, rule: Int, IPAddress)
  }

  /// An entry of a set of a table.
  struct SetEntry<Value: Hashable & Sendable>: Hashable, Sendable {
    let table: Int
    let set: String
    let value: Value
  }

  /// What is left of a rate.
  struct Bucket: Sendable {
    /// A packet costs as much as the rate's unit has milliseconds, and each millisecond earns the
    /// rate's count.
    var left: UInt64
    /// When it was last looked at, in milliseconds.
    var seen: UInt64
  }

  /// Takes one packet's worth; false where there is none.
  mutating func take(_ limit: Limit, _ key: CounterKey) -> Bool {
    let cost = limit.unit.seconds * 1000
    let full = UInt64(max(limit.burst, 1)) * cost
    var bucket = buckets[key] ?? Bucket(left: full, seen: now)
    bucket.left = min(full, bucket.left + (now - bucket.seen) * UInt64(limit.count))
    bucket.seen = now
    let passes = bucket.left >= cost
    if passes { bucket.left -= cost }
    buckets[key] = bucket
    return passes
  }

  /// The number of connections that the rule counts when it has seen this one, too.
  mutating func count(_ tuple: FlowTuple, _ key: CounterKey) -> Int {
    var living = (counted[key] ?? []).filter { connections.contains($0) }
    living.insert(tuple)
    counted[key] = living
    return living.count
  }
}

/// A flow as a set of a bridge table has it.
struct FlowIdentity: Hashable, Sendable {
  let source: IPAddress
  let destination: IPAddress
  /// The ports where the set has them, else 0.
  let sourcePort: UInt16
  let destinationPort: UInt16
  /// The protocol where the set has it.
  let transport: TransportProtocol?

  /// The flow of a packet as seen from `side`; `nil` where the set holds no such packets.
  init?(_ packet: Packet, _ key: FlowKey, _ side: FlowSide) {
    guard let transport = packet.transport else { return nil }
    var ports: (UInt16, UInt16) = (0, 0)
    switch key {
    case .ports(let family, let wanted):
      guard family == packet.family, wanted == transport, let from = packet.sourcePort,
        let to = packet.destinationPort
      else { return nil }
      ports = (from, to)
      self.transport = nil
    case .echo(let family):
      guard family == packet.family else { return nil }
      self.transport = nil
    case .addresses(let family):
      guard family == packet.family else { return nil }
      self.transport = transport
    }
    switch side {
    case .opening:
      (source, destination) = (packet.source, packet.destination)
      (sourcePort, destinationPort) = ports
    case .answering:
      (source, destination) = (packet.destination, packet.source)
      (destinationPort, sourcePort) = ports
    }
  }
}
