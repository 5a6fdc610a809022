import Netfilter
import NetworkTypes

/// A packet, or a copy of one, on its way, and what happened to it so far.
struct Journey {
  var packet: Packet
  var steps: [Step] = []
  var tracking = Tracking.unseen
  /// The interface that the host got it by; `nil` for the host's own packets.
  var input: InterfaceName?
  /// Whether the host's prerouting chains have seen it while it was on a bridge.
  var isHandedOver = false

  init(_ packet: Packet) { self.packet = packet }

  func ends(_ fate: Passage.Fate) -> Trip {
    Trip(passage: Passage(fate: fate, packet: packet, steps: steps), tracking: tracking)
  }
}

/// A finished way, and what conntrack thought of the packet.
struct Trip {
  let passage: Passage
  let tracking: Tracking
}

/// The circumstances in which a chain judges a packet.
struct Scene {
  let hook: Hook
  let layer: Step.Layer
  var input = Face.absent
  var output = Face.absent
}

/// What rules see of an interface.
enum Face: Hashable {
  case interface(InterfaceName)
  /// There is none: rules see an empty name.
  case absent
  case unknown(Missing)
}

/// Whether a condition holds.
enum Truth {
  case yes, no
  case unknown(Missing)

  init(_ value: Bool) { self = value ? .yes : .no }

  static prefix func ! (truth: Truth) -> Truth {
    switch truth {
    case .yes: .no
    case .no: .yes
    case .unknown(let missing): .unknown(missing)
    }
  }

  func isDifferent(from negated: Bool) -> Truth { negated ? !self : self }
}
