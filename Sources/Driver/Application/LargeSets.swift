import Host
import KernelForm
import Netfilter
import NetlinkBackend
import NftablesBackend

/// The large sets that a state will have, and how their elements are kept: by the name of those that
/// are kept already and what becomes of them, or anew.
struct LargeSets {
  struct Part {
    let path: SetPath
    let set: KernelSet
    /// The name of what is kept already; `nil` where all elements are to be kept anew.
    let id: String?
    let edits: SetEdits
  }

  let parts: [Part]

  /// With more edits than this, all elements are kept anew.
  private static let editLimit = 1024

  /// - Parameters:
  ///   - plan: what leads from the state whose sets are known to the wanted one.
  ///   - known: empty where that state is not known.
  init(of wanted: KernelRuleset, plan: Plan, known: [KnownSet]) {
    var changed: [SetPath: [Operation]] = [:]
    var isRebuilt: Set<SetPath> = []
    for operation in plan.operations {
      switch operation {
      case .addSet(let table, let set): isRebuilt.insert(SetPath(table, set.name))
      case .addElements(let table, let set), .deleteElements(let table, let set):
        changed[SetPath(table, set.name), default: []].append(operation)
      case .addTable, .deleteTable, .addChain, .deleteChain, .deleteSet, .addRule, .deleteRule:
        break
      }
    }
    parts = wanted.tables.flatMap { table in
      table.sets.filter(SetContent.keeps).map { set in
        let path = SetPath(table.path, set.name)
        let old = known.first { $0.content.path == path }
        if let old, !isRebuilt.contains(path) {
          let edits = Self.edits(old.content.edits, changed[path] ?? [])
          if edits.count <= Self.editLimit {
            return Part(path: path, set: set, id: old.id, edits: edits)
          }
        }
        return Part(path: path, set: set, id: nil, edits: SetEdits(of: set))
      }
    }
  }

  private static func edits(_ old: SetEdits, _ operations: [Operation]) -> SetEdits {
    var edits = old
    for operation in operations {
      if case .deleteElements(_, let set) = operation { edits.delete(set.elements) }
      if case .addElements(_, let set) = operation { edits.add(set.elements) }
    }
    return edits
  }

  var paths: Set<SetPath> { Set(parts.map(\.path)) }

  /// What nft calls them.
  var maps: Set<NftMapName> { Set(parts.map { NftMapName($0.path.table.family, $0.path.name) }) }

  /// Takes room for what is to be kept anew.
  ///
  /// - Parameter ruleset: what the sets say, in the representation's words.
  /// - Throws: Where there is no room, or no right to write.
  func prepare(_ ruleset: Ruleset, in store: ElementStore) throws(HostError) -> StoreTask {
    var task = StoreTask(ruleset, in: store)
    for part in parts {
      let room = try part.id == nil ? Self.room(for: part.set.elements, in: store) : nil
      task.add(part, room)
    }
    return task
  }

  /// At least what the elements take: in messages an element has 48 bytes beside its own and a
  /// chain's name, in words four for one of its own, and less than 128 beside.
  private static func room(
    for elements: ElementTable, in store: ElementStore
  ) throws(HostError) -> ElementStore.Room {
    let own = elements.keyLength + elements.dataLength
    let comments = elements.comments.count
    return try store.reserve(
      messages: 4096 + comments + elements.count * (own + 176),
      script: 4096 + comments + elements.count * (4 * own + 256))
  }
}

extension LargeSets.Part {
  /// Keeps the elements, where they are not.
  fileprivate func stored(
    _ ruleset: Ruleset, in store: ElementStore, _ room: ElementStore.Room?, _ sent: SentElements?
  ) throws(HostError) -> StoredSet {
    if let id { return StoredSet(part: self, id: id) }
    let messages =
      sent?.messages(path, count: set.elements.count) ?? SetContent.messages(path, set)[...]
    let table = ruleset.table(path.table.family)
    let script = table.map { nftElements(.add, of: path.name, in: $0) } ?? []
    guard let room else { preconditionFailure("there is room for what is kept anew") }
    return StoredSet(part: self, id: try store.store(messages: messages, script: script, in: room))
  }
}

/// Large sets that there is room for, and that are kept while something else goes on.
struct StoreTask: ~Copyable {
  private let ruleset: Ruleset
  private let store: ElementStore
  private var parts: [(part: LargeSets.Part, room: ElementStore.Room?)] = []
  private var worker: Worker<Result<[StoredSet], HostError>>?

  fileprivate init(_ ruleset: Ruleset, in store: ElementStore) {
    self.ruleset = ruleset
    self.store = store
  }

  deinit {
    if worker != nil { return }
    for (_, room) in parts { room?.remove() }
  }

  fileprivate mutating func add(_ part: LargeSets.Part, _ room: ElementStore.Room?) {
    parts.append((part, room))
  }

  /// Begins to keep them.
  ///
  /// - Parameter sent: the elements as they are sent meanwhile, where they are.
  mutating func begin(_ sent: SentElements? = nil) {
    let (ruleset, store, parts) = (ruleset, store, parts)
    worker = Worker {
      Result { () throws(HostError) in
        var result: [StoredSet] = []
        for (part, room) in parts {
          result.append(try part.stored(ruleset, in: store, room, sent))
        }
        return result
      }
    }
    self.parts = []
  }

  /// Waits for the end, and tells what was kept.
  mutating func sets() throws(HostError) -> [StoredSet] {
    if worker == nil { begin() }
    return try worker.take()?.value().get() ?? []
  }
}

/// A large set whose elements are kept.
struct StoredSet {
  let part: LargeSets.Part
  let id: String
  /// The messages of what became of the elements since they were kept.
  private let edits: (dead: [UInt8], added: [UInt8])

  init(part: LargeSets.Part, id: String) {
    self.part = part
    self.id = id
    edits = part.edits.messages(part.path, part.set)
  }

  /// What an entry says of it.
  var kept: KeptElements {
    KeptElements(part.path, id: id, deadLength: edits.dead.count, addedLength: edits.added.count)
  }

  /// What an entry has behind its snapshot.
  var tail: [UInt8] { edits.dead + edits.added }

  /// The commands that make nft load the elements.
  func script(_ store: ElementStore) -> [UInt8] {
    let path = store.scriptPath(id) ?? ""
    return Array("include \"\(path)\"\n".utf8) + command(.delete, deadElements)
      + command(.add, part.edits.added)
  }

  private func command(_ verb: ElementVerb, _ elements: ElementTable) -> [UInt8] {
    if elements.count == 0 { return [] }
    var set = part.set
    set.elements = elements
    var table = KernelTable(family: part.path.table.family, name: part.path.table.name)
    table.sets = [set]
    let decoded = ruleset(of: KernelRuleset(tables: [table])).ruleset
    return decoded.tables.first.map { nftElements(verb, of: part.path.name, in: $0) } ?? []
  }

  /// The elements that are gone, with data that nobody looks at.
  private var deadElements: ElementTable {
    let dead = part.edits.dead
    let shape = part.set.elements
    var result = ElementTable(keyLength: shape.keyLength, dataLength: shape.dataLength)
    let data = [UInt8](repeating: 0, count: shape.dataLength)
    for index in 0..<dead.count {
      if shape.verdicts.isEmpty {
        result.append(key: dead.key(at: index), value: data, comment: [])
      } else {
        result.append(key: dead.key(at: index), verdict: .drop, comment: [])
      }
    }
    return result
  }
}
