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
    case condition(String, because: String)
    /// The effect is left out: iptables has none such at this place.
    case effect(String, because: String)
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
    case .condition(let words, _): "iptables cannot ask for '\(words)' here"
    case .effect(let words, _): "iptables cannot do '\(words)' here"
    case .rejection: "iptables drops here without a message"
    case .burst(let burst): "iptables allows a burst of \(burst) at most for this rate"
    }
  }
}

extension Unsupported {
  /// Why that is so, and what becomes of the packets; one sentence.
  package var because: String {
    switch reason {
    case .bridgeTable: "its tables see IP packets, not frames and ARP"
    case .hook: "its tables are called at fixed places only; the rules are left out"
    case .condition(_, let because): "\(because); the rule is left out"
    case .effect(_, let because): "\(because); the effect is left out"
    case .rejection:
      "only its filter table answers what it refuses; the packet is dropped all the same"
    case .burst: "the kernel saves up a day's worth of the rate at most"
    }
  }

  /// How the policy or the call of the compiler gets round it; one sentence.
  package var mend: String {
    switch reason {
    case .bridgeTable, .hook, .condition, .effect:
      "take this out of the line, or choose `--target nft`, which can say it"
    case .rejection: "`deny` says what happens; `--target nft` answers"
    case .burst(let burst): "say `burst \(burst)` or less, or a higher rate"
    }
  }
}
