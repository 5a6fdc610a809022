package import Host
import KernelForm
import Netfilter
package import NetlinkBackend

/// Which elements of a large set a state has: those that are kept by a name, and what became of them.
package struct KeptElements: Hashable, Sendable {
  package let path: SetPath
  /// The name in the ``ElementStore``.
  package let id: String
  /// How many bytes behind the snapshot say which elements are gone, and which came.
  package let deadLength: Int
  package let addedLength: Int

  package init(_ path: SetPath, id: String, deadLength: Int, addedLength: Int) {
    self.path = path
    self.id = id
    self.deadLength = deadLength
    self.addedLength = addedLength
  }
}

extension KeptElements {
  /// As a line of a state's header.
  var text: String {
    "\(path.table.family.rawValue) \(path.table.name) \(path.name) \(id) \(deadLength) \(addedLength)"
  }

  init?(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 6, let family = TableFamily(rawValue: words[0]),
      let dead = Self.length(words[4]), let added = Self.length(words[5])
    else { return nil }
    self.init(
      SetPath(TablePath(family, words[1]), words[2]), id: words[3], deadLength: dead,
      addedLength: added)
  }

  /// No file is longer, so that sums of lengths are numbers, too.
  private static func length(_ text: String) -> Int? {
    Int(text).flatMap { 0...History.sizeLimit ~= $0 ? $0 : nil }
  }
}

extension StateEntry {
  /// The snapshot proper, and what is kept beside it.
  ///
  /// - Throws: ``HostError/Code/damaged`` where something is missing, or does not fit.
  package func parts(
    _ store: ElementStore
  ) throws(HostError) -> (snapshot: [UInt8], contents: [SetContent]) {
    let edits = header.elements.reduce(0) { $0 + $1.deadLength + $1.addedLength }
    guard edits <= snapshot.count else { throw Self.damage("its snapshot is too short") }
    if header.elements.isEmpty { return (snapshot, []) }
    var rest = snapshot[(snapshot.count - edits)...]
    let own = Array(snapshot.dropLast(edits))
    let shapes = try Self.checked { () throws(NetlinkError) in try KernelRuleset(snapshot: own) }
    var contents: [SetContent] = []
    for kept in header.elements {
      let table = shapes.tables.first { $0.path == kept.path.table }
      guard let shape = table?.sets.first(where: { $0.name == kept.path.name }) else {
        throw Self.damage("a set is missing")
      }
      let dead = Array(rest.prefix(kept.deadLength))
      let added = Array(rest.dropFirst(kept.deadLength).prefix(kept.addedLength))
      rest = rest.dropFirst(kept.deadLength + kept.addedLength)
      let messages = try store.messages(kept.id)
      let edits = try Self.checked { () throws(NetlinkError) in
        try SetEdits(dead: dead, added: added, kept.path, shape)
      }
      contents.append(SetContent(kept.path, base: messages, edits: edits))
    }
    return (own, contents)
  }

  /// The entry as if nothing of it were kept elsewhere.
  func whole(_ store: ElementStore) throws(HostError) -> StateEntry {
    if header.elements.isEmpty { return self }
    let (snapshot, contents) = try parts(store)
    var header = header
    header.elements = []
    return StateEntry(
      header: header, script: script,
      snapshot: try Self.checked { () throws(NetlinkError) in
        try wholeSnapshot(snapshot, contents)
      })
  }

  private static func checked<Value>(
    _ body: () throws(NetlinkError) -> Value
  ) throws(HostError) -> Value {
    do throws(NetlinkError) { return try body() } catch { throw damage("\(error)") }
  }

  private static func damage(_ what: String) -> HostError {
    HostError(
      .damaged, "use a saved state: \(what)",
      advice: "apply the policy again, or go back with `bridgeward rollback NUMBER`")
  }
}
