package import NetworkTypes

/// A named set of addresses of one family, of interfaces, or of remembered flows.
package struct NamedSet: Hashable, Sendable {
  /// The elements, or what will fill the set.
  package enum Content: Hashable, Sendable {
    /// Sorted ranges that neither overlap nor touch.
    case addresses(AddressFamily, [AddressRange])
    /// Sorted.
    case interfaces([InterfaceName])
    /// Filled by ``Action/remember(_:set:)``; entries live for `timeout` seconds after last use.
    case flows(FlowKey, timeout: Int)
    /// Filled by ``Action/learnOutputInterface(set:)``; entries live for `timeout` seconds after the
    /// last packet.
    case learnedInterfaces(timeout: Int)
    /// Filled by a per-source limit or connection count.
    case meter(AddressFamily)
  }

  package var name: String
  package var content: Content
  package var origin: Origin?

  package init(_ name: String, _ content: Content, origin: Origin? = nil) {
    self.name = name
    self.content = content
    self.origin = origin
  }
}
