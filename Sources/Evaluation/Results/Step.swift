package import Netfilter
package import NetworkTypes

/// A rule, or an element of a map, that matched on a packet's way.
package struct Step: Hashable, Sendable {
  /// Where the packet was.
  package let hook: Hook
  /// Whether the chain judged a frame on a bridge, or a packet of the host's.
  package let layer: Layer
  /// The name of the table: that of a ruleset, or `raw`, `mangle`, `nat` and `filter`.
  package let table: String
  package let chain: String
  /// Counted from 0.
  package let rule: Int
  /// The element of the map that the rule looked up, if it did; counted from 0.
  package let element: Element?
  /// The line that the element came from, or else the rule.
  package let origin: Origin?
  package let comment: String?
  /// What the rule did, in its order; empty where it only counted.
  package let effects: [Effect]

  /// Whose eyes a packet is seen with.
  package enum Layer: Hashable, Sendable { case bridge, host }

  /// A place in a map.
  package struct Element: Hashable, Sendable {
    package let map: String
    package let index: Int

    package init(map: String, index: Int) {
      self.map = map
      self.index = index
    }
  }

  /// What a rule did to a packet.
  package enum Effect: Hashable, Sendable {
    case verdict(Verdict)
    case reject(Rejection)
    case destination(IPAddress, port: UInt16?)
    case source(IPAddress, port: UInt16?)
    case mark(UInt32)
    case log(prefix: String)
    case clampMSS(UInt16?)
    case fixChecksum
    /// The flow, or the interface, is now in the set.
    case remember(set: String)
    /// The policy of a base chain, where it is not accept; the rule's number is that of the rules.
    case policyDrop
  }
}
