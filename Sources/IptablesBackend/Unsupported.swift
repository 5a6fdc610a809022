package import Netfilter

/// Something that a ruleset says and iptables cannot.
package struct Unsupported: Hashable, Sendable {
  /// Why it cannot be said, and what is done instead.
  package enum Reason: Hashable, Sendable {
    /// iptables sees no frames between the ports of a bridge, and no ARP.
    case bridgeTable
    /// No table of iptables is called at that place and time.
    case hook(BaseChain)
    /// The rule is left out: iptables has no such condition, or not at this place.
    case condition(String)
    /// The effect is left out: iptables has none such at this place.
    case effect(String)
    /// Only the filter table can refuse with a message: the packet is dropped.
    case rejection
    /// The kernel counts at most a day's worth at once: the burst is smaller than asked for.
    case burst(UInt32)
  }

  package let reason: Reason
  package let origin: Origin?
}

extension Unsupported: CustomStringConvertible {
  /// One sentence without its place.
  package var description: String {
    switch reason {
    case .bridgeTable: "iptables does not filter between the ports of a bridge"
    case .hook(let base):
      "iptables has no \(base.purpose.rawValue) table at \(base.hook.rawValue), "
        + "priority \(base.priority)"
    case .condition(let words): "iptables cannot ask for '\(words)' here"
    case .effect(let words): "iptables cannot do '\(words)' here"
    case .rejection: "iptables drops here without a message"
    case .burst(let burst): "iptables allows a burst of \(burst) at most for this rate"
    }
  }
}
