import NetlinkBackend

/// The large sets of the state that the rules are in.
struct KnownSets {
  /// The number of that state.
  let generation: UInt32
  private let sets: [KnownSet]

  fileprivate init(generation: UInt32, sets: [KnownSet]) {
    self.generation = generation
    self.sets = sets
  }

  /// The sets, without the names by which they are kept.
  var contents: KnownContents {
    KnownContents(generation: generation, sets: sets.map(\.content))
  }

  /// The sets, if the state is the one with this number.
  func sets(at generation: UInt32?) -> [KnownSet] {
    generation == self.generation ? sets : []
  }
}

/// A large set of the state that the rules are in, and the name by which its elements are kept.
struct KnownSet {
  let content: SetContent
  let id: String
}

extension StateDirectory {
  /// The large sets of the state that the rules are in, where this program made that state and nobody
  /// has changed it since; `nil` where that is not known, or there are none.
  func knownSets(_ session: inout NetlinkSession) -> KnownSets? {
    guard let state = known.read(), state.isOfHere,
      (try? session.generation()) == state.generation,
      let entry = try? history.storedEntry(state.entry), !entry.header.elements.isEmpty,
      let contents = try? entry.parts(history.elements).contents
    else { return nil }
    let sets = zip(contents, entry.header.elements).map { KnownSet(content: $0, id: $1.id) }
    return KnownSets(generation: state.generation, sets: sets)
  }
}
