package import Netfilter

/// A host with its rules: what becomes of packets that come to it, one after the other.
///
/// It remembers what a host remembers (connections, learned ports, how often a limit was used), so
/// the order of packets matters; a copy is a host of its own, for a question without consequences.
package struct Evaluator: Sendable {
  package let program: Program
  package let topology: Topology

  /// A host that has seen no packet yet.
  package init(_ program: Program, _ topology: Topology) {
    self.program = program
    self.topology = topology
  }

  /// A host that has seen no packet yet, with the rules of a ruleset alone.
  package init(_ ruleset: Ruleset, _ topology: Topology) {
    self.init(Program(ruleset), topology)
  }

  /// The way of one packet; of a multicast or broadcast packet, one for each copy.
  ///
  /// The order is that of the topology's ports and routes; the host's own copy comes last.
  package mutating func send(_ packet: Packet, from ingress: Ingress) -> [Passage] {
    let missing = Missing.condition("the evaluator is being built")
    return [Passage(fate: .undecided(missing), packet: packet, steps: [])]
  }

  /// Tries a connection that `packet` opens, with somebody at its other end who answers.
  ///
  /// - Requires: `packet` is for one receiver.
  package mutating func exchange(_ packet: Packet, from ingress: Ingress) -> Exchange {
    let opening = send(packet, from: ingress)[0]
    let missing = Missing.condition("the evaluator is being built")
    return Exchange(outcome: .undecided(missing), opening: opening)
  }
}
