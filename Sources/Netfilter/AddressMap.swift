package import NetworkTypes

/// A map from keys to a new destination: one element a published port or port range.
package struct AddressMap: Hashable, Sendable {
  /// One key and where its packets go.
  package struct Element: Hashable, Sendable {
    package let key: ElementKey
    package let address: IPAddress
    /// Where the first port of the key goes; the others follow one for one. `nil` in maps whose
    /// ``AddressMap/rewritesPort`` is false.
    package let port: UInt16?
    package let origin: Origin?

    package init(_ key: ElementKey, to address: IPAddress, port: UInt16?, origin: Origin? = nil) {
      self.key = key
      self.address = address
      self.port = port
      self.origin = origin
    }
  }

  package var name: String
  package var family: AddressFamily
  package var fields: [KeyField]
  /// Whether elements hold a port beside the address. A map that does not has one field, the
  /// destination port, whose keys are intervals.
  package var rewritesPort: Bool
  /// The protocol that packets must have; `nil` where it is part of the key.
  package var transport: TransportProtocol?
  package var elements: [Element]

  package init(
    _ name: String, _ family: AddressFamily, _ fields: [KeyField], rewritesPort: Bool,
    transport: TransportProtocol? = nil, elements: [Element] = []
  ) {
    self.name = name
    self.family = family
    self.fields = fields
    self.rewritesPort = rewritesPort
    self.transport = transport
    self.elements = elements
  }
}
