package import Netfilter
package import NetworkTypes

/// The way of one packet, or of one copy of it, through the host.
package struct Passage: Hashable, Sendable {
  package let fate: Fate
  /// The packet as it was when its fate came, rewritten as rules have it.
  package let packet: Packet
  /// What matched, in order.
  package let steps: [Step]

  package init(fate: Fate, packet: Packet, steps: [Step]) {
    self.fate = fate
    self.packet = packet
    self.steps = steps
  }

  /// What became of a packet.
  package enum Fate: Hashable, Sendable {
    /// It arrived at the host itself.
    case delivered
    /// It left by an interface; of a bridge, by one of its ports.
    case sent(by: InterfaceName, port: InterfaceName?)
    /// The last of the steps dropped it.
    case dropped
    /// The last of the steps refused it.
    case rejected(Rejection)
    /// No rule, but the host itself has no use for it.
    case discarded(Discard)
    /// The model cannot tell.
    case undecided(Missing)
  }

  /// Why a packet dies without a rule.
  package enum Discard: Hashable, Sendable {
    case noRoute
    case forwardingOff
    /// The source is one that nobody may use here: loopback, multicast, the host's own.
    case impossibleSource
    /// Answers would leave by another interface than it came in by.
    case reversePath
    /// A loopback address from outside.
    case impossibleDestination
    /// An address that must not be routed on.
    case linkLocal
    /// A bridge sends no frame back by the port that it came in by.
    case samePort
    /// The interface that it would leave by has no address to masquerade with.
    case nothingToMasqueradeWith
    /// A multicast packet that the host neither carries on nor hears.
    case notForHost
  }
}
