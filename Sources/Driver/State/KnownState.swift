package import Host

/// Which entry of the history the kernel's rules are. It holds as long as nobody changes them: every
/// change gives them another number.
package struct KnownState: Hashable, Sendable {
  package let boot: BootIdentity
  package let namespace: NetworkNamespaceIdentity
  /// The number of the state of the rules.
  package let generation: UInt32
  /// The number of the entry.
  package let entry: Int

  package init(
    boot: BootIdentity, namespace: NetworkNamespaceIdentity, generation: UInt32, entry: Int
  ) {
    self.boot = boot
    self.namespace = namespace
    self.generation = generation
    self.entry = entry
  }

  /// Whether it is about the rules of the calling thread's namespace.
  package var isOfHere: Bool {
    // Without a cookie a later namespace may look like this one.
    guard namespace.cookie != nil, (try? BootIdentity.current()) == boot else { return false }
    return (try? NetworkNamespaceIdentity.current()) == namespace
  }
}

/// Where that is written down until the next boot.
package struct KnownStateFile: Hashable, Sendable {
  private let path: String
  private static let form = SealedText("known state")

  package init(path: String) { self.path = path }

  /// What is written there; `nil` where nothing is that can be used.
  package func read() -> KnownState? {
    guard let bytes = try? FileStore().read(path).bytes,
      let content = try? Self.form.content(of: bytes)
    else { return nil }
    return try? KnownState(String(decoding: content, as: UTF8.self).split(separator: "\n"))
  }

  /// Writes it down.
  package func write(_ state: KnownState) throws(HostError) {
    var text = Self.form.begun(room: 256)
    text += Array(state.text.utf8)
    Self.form.seal(&text)
    try OutputFile(path, isPrivate: true).write(text)
  }
}

extension KnownState {
  fileprivate var text: String {
    """
    boot \(boot.text)
    namespace \(namespace.inode) \(namespace.cookie ?? 0)
    generation \(generation)
    entry \(entry)

    """
  }

  fileprivate init(_ lines: [Substring]) throws(StateDamage) {
    var reader = StateLines(lines)
    let boot = try reader.one("boot", StateWord.plain)
    let namespace = try reader.one("namespace") { text -> NetworkNamespaceIdentity? in
      let words = text.split(separator: " ").compactMap { UInt64($0) }
      return words.count == 2
        ? NetworkNamespaceIdentity(inode: words[0], cookie: words[1]) : nil
    }
    let generation = try reader.one("generation") { UInt32($0) }
    let entry = try reader.one("entry") { Int($0) }
    try reader.end()
    self.init(
      boot: BootIdentity(text: boot), namespace: namespace, generation: generation, entry: entry)
  }
}
