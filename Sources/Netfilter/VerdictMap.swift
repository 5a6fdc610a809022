package import NetworkTypes

/// A map from keys to verdicts.
package struct VerdictMap: Hashable, Sendable {
  /// One key and what becomes of its packets.
  package struct Element: Hashable, Sendable {
    package let key: ElementKey
    package let verdict: Verdict
    package let origin: Origin?

    package init(_ key: ElementKey, _ verdict: Verdict, origin: Origin? = nil) {
      self.key = key
      self.verdict = verdict
      self.origin = origin
    }
  }

  package var name: String
  /// What each component of a key is; keys of elements have the same shape.
  package var fields: [KeyField]
  package var elements: [Element]

  package init(_ name: String, _ fields: [KeyField], elements: [Element] = []) {
    self.name = name
    self.fields = fields
    self.elements = elements
  }
}

/// The value of one component of an element's key.
package enum KeyValue: Hashable, Sendable {
  case interface(InterfaceName)
  case address(IPAddress)
  case transport(TransportProtocol)
  /// Stands for one key a port: maps of exact keys hold `count` entries for it.
  case ports(PortRange)
}
