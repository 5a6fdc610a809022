import NetworkTypes

// How maps stand in nf_tables.
extension VerdictMap {
  /// Whether keys are intervals of ports; else there is one exact key a port.
  package var holdsIntervals: Bool {
    fields == [.destinationPort] && elements.contains { $0.key.entryCount > 1 }
  }

  /// The number of elements, where keys are exact.
  package var entryCount: Int {
    elements.indices.reduce(0) { $0 + elements[$1].key.entryCount }
  }
}

extension AddressMap {
  /// Whether keys are intervals of ports; else there is one exact key a port.
  package var holdsIntervals: Bool {
    !rewritesPort && elements.contains { $0.key.entryCount > 1 }
  }

  /// The number of elements, where keys are exact.
  package var entryCount: Int {
    elements.indices.reduce(0) { $0 + elements[$1].key.entryCount }
  }
}

extension ElementKey {
  /// The number of exact keys that this stands for.
  package var entryCount: Int { ports?.count ?? 1 }
}

/// The size that a map of so many exact keys is given; `nil` for none.
///
/// The kernel fills large maps of a fixed size in a third of the time, because their hash table
/// need not grow (`nft_hash` in the place of `nft_rhash`).
package func fixedMapSize(entries: Int) -> UInt32? {
  guard entries >= 1024 else { return nil }
  var size: UInt32 = 1024
  while size < 2 * entries { size *= 2 }
  return size
}
