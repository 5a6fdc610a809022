import Host
import NetlinkBackend

extension Application {
  /// The large sets of the state that the rules are in, where this program made that state and nobody
  /// has changed it since; empty where that is not known.
  func knownSets(_ session: inout NetlinkSession) -> (generation: UInt32, sets: [KnownSet]) {
    guard let state = directory.known.read(), state.isOfHere,
      (try? session.generation()) == state.generation,
      let entry = try? directory.history.storedEntry(state.entry), !entry.header.elements.isEmpty,
      let contents = try? entry.parts(directory.history.elements).contents
    else { return (0, []) }
    let sets = zip(contents, entry.header.elements).map { KnownSet(content: $0, id: $1.id) }
    return (state.generation, sets)
  }

  /// Writes down that the rules are what an entry says; where that fails, they are asked for the
  /// next time.
  func noteKnown(generation: UInt32, entry: Int) {
    guard let boot = try? BootIdentity.current(),
      let namespace = try? NetworkNamespaceIdentity.current()
    else { return }
    try? directory.known.write(
      KnownState(boot: boot, namespace: namespace, generation: generation, entry: entry))
  }
}
