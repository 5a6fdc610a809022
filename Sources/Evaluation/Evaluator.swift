package import Netfilter

/// A host with its rules: what becomes of packets that come to it, one after the other.
///
/// It remembers what a host remembers (connections, learned ports, how often a limit was used), so
/// the order of packets matters; a copy is a host of its own, for a question without consequences.
package struct Evaluator: Sendable {
  package let program: Program
  package let topology: Topology
  let hooks: HookTable
  var memory = Memory()
  var mapIndex = MapIndex()

  /// A host that has seen no packet yet.
  package init(_ program: Program, _ topology: Topology) {
    self.program = program
    self.topology = topology
    hooks = HookTable(program)
  }

  /// A host that has seen no packet yet, with the rules of a ruleset alone.
  package init(_ ruleset: Ruleset, _ topology: Topology) {
    self.init(Program(ruleset), topology)
  }

  /// The way of one packet; of a multicast or broadcast packet, one for each copy, never none.
  ///
  /// The order is that of the topology's ports and routes; the host's own copy comes last.
  package mutating func send(_ packet: Packet, from ingress: Ingress) -> [Passage] {
    trips(of: packet, from: ingress).map(\.passage)
  }

  /// Lets time pass: rates recover, sets forget.
  package mutating func wait(milliseconds: UInt64) { memory.now += milliseconds }

  mutating func trips(of packet: Packet, from ingress: Ingress) -> [Trip] {
    let journey = Journey(packet)
    switch ingress {
    case .host: return leave(journey)
    case .interface(let name, let owner):
      guard let interface = topology.interface(name) else {
        return [journey.ends(.undecided(.interface(name)))]
      }
      switch interface.kind {
      case .port(let bridge, _): return enter(bridge, by: interface, journey, for: owner)
      case .plain, .loopback: return receive(journey, by: name)
      case .bridge: return [journey.ends(.undecided(.port(of: name, packet.source)))]
      }
    }
  }
}
