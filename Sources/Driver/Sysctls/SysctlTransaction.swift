package import Host

/// Changes of settings that can be taken back.
package struct SysctlTransaction: Sendable {
  private let store: SysctlStore
  /// What was written so far, with what was there.
  private var written: [(name: String, before: String, after: String)] = []
  /// Settings that were ours and that somebody else has set since: they were left alone.
  package private(set) var taken: [SysctlRecord] = []

  package init(_ store: SysctlStore) { self.store = store }

  /// Throws what ``perform(_:)`` and ``withdraw(_:)`` would, where that can be known beforehand;
  /// changes nothing.
  package func requireWritable(_ records: [SysctlRecord]) throws(HostError) {
    for record in records where try store.valueIfPresent(of: record.name) != nil {
      try store.requireWritable(record.name)
    }
  }

  /// Makes the settings, in order. What was made before an error stays until ``revert()``.
  package mutating func perform(_ changes: [SysctlRecord]) throws(HostError) {
    for change in changes { try write(change.name, change.value) }
  }

  /// Puts back what the settings were before us, in order, where they still are as we made them.
  package mutating func withdraw(_ records: [SysctlRecord]) throws(HostError) {
    for record in records {
      guard let before = record.before,
        let current = try store.valueIfPresent(of: record.name), current != before
      else { continue }
      guard current == record.value else {
        taken.append(record)
        continue
      }
      try write(record.name, before)
      for companion in record.companions {
        // Interfaces go; their settings with them.
        guard let now = try store.valueIfPresent(of: companion.name), now != companion.value else {
          continue
        }
        try write(companion.name, companion.value)
      }
    }
  }

  /// Puts everything back to what it was before this transaction, the last change first, as far as
  /// nobody else has set it since.
  ///
  /// - Throws: The first failure, after trying the rest.
  package mutating func revert() throws(HostError) {
    var failure: HostError?
    while let change = written.popLast() {
      do throws(HostError) {
        guard try store.valueIfPresent(of: change.name) == change.after else { continue }
        try store.set(change.name, to: change.before)
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  private mutating func write(_ name: String, _ value: String) throws(HostError) {
    let before = try store.value(of: name)
    try store.set(name, to: value)
    written.append((name, before, value))
  }
}
