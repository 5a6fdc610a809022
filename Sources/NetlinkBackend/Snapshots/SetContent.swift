import CNftnl
package import KernelForm
import Netfilter

/// A set by its table and name.
package struct SetPath: Hashable, Sendable {
  package let table: TablePath
  package let name: String

  package init(_ table: TablePath, _ name: String) {
    self.table = table
    self.name = name
  }
}

/// The elements of one large set, as they were sent: the kernel needs longer to tell them than to
/// take them.
package struct SetContent: Hashable, Sendable {
  package let path: SetPath
  /// The messages that add the elements that there were once.
  package let base: [UInt8]
  /// What became of them since.
  package let edits: SetEdits

  package init(_ path: SetPath, base: [UInt8], edits: SetEdits) {
    self.path = path
    self.base = base
    self.edits = edits
  }

  /// Sets with fewer elements are asked for.
  private static let least = 1024

  /// Whether the elements of a set are kept this way: there are many, and they neither lapse nor come
  /// by packets.
  package static func keeps(_ set: KernelSet) -> Bool {
    set.flags == .map && set.elements.count >= least
  }

  /// The messages that add all elements of `set`.
  package static func messages(_ path: SetPath, _ set: KernelSet) -> [UInt8] {
    elementMessages(path, set, deletes: false)
  }

  /// The elements.
  ///
  /// - Parameter shape: the set that they are of; its own elements do not count.
  /// - Throws: where the messages are about something else.
  package func elements(of shape: KernelSet) throws(NetlinkError) -> ElementTable {
    let first = try Self.decode(base, path, shape)
    var result = first.removing(keysOf: edits.dead)
    result.append(elementsAt: 0..<edits.added.count, of: edits.added)
    return result
  }

  fileprivate static func elementMessages(
    _ path: SetPath, _ set: KernelSet, deletes: Bool
  ) -> [UInt8] {
    var batch = Batch(firstSequence: 0, generation: nil)
    let start = batch.bytes.count
    ElementMessages(path.table, set, SetReference(name: path.name), deletes: deletes)
      .append(to: &batch, operation: 0)
    return Array(batch.bytes[start...])
  }

  fileprivate static func decode(
    _ messages: [UInt8], _ path: SetPath, _ shape: KernelSet
  ) throws(NetlinkError) -> ElementTable {
    var decoder = ElementDecoder(shape)
    var walk = MessageWalk()
    let bytes = messages.span
    while let message = try walk.next(in: bytes) {
      guard message.hasFamily, message.family(in: bytes) == path.table.family.number else {
        throw .malformed("elements of another table")
      }
      let body = try Nest(message.attributes, in: bytes)
      guard body.string(NFTA_SET_ELEM_LIST_SET, in: bytes) == path.name,
        let list = body[NFTA_SET_ELEM_LIST_ELEMENTS]
      else { throw .malformed("elements of another set") }
      try decoder.take(list, in: bytes)
    }
    if decoder.foundStranger { throw .malformed("an element that is none of ours") }
    return decoder.elements
  }
}

/// What became of the elements of a set since they were kept.
package struct SetEdits: Hashable, Sendable {
  /// The keys of kept elements that are gone.
  package private(set) var dead: ElementTable
  /// The elements that came.
  package private(set) var added: ElementTable

  /// No change of the elements of `set`.
  package init(of set: KernelSet) {
    dead = ElementTable(keyLength: set.elements.keyLength)
    added = ElementTable(
      keyLength: set.elements.keyLength, dataLength: set.elements.dataLength)
  }

  /// How many elements are told.
  package var count: Int { dead.count + added.count }

  /// Notes that elements went.
  package mutating func delete(_ elements: ElementTable) {
    let kept = elements.removing(keysOf: added).keysOnly
    added = added.removing(keysOf: elements)
    dead.append(elementsAt: 0..<kept.count, of: kept)
  }

  /// Notes that elements came.
  package mutating func add(_ elements: ElementTable) {
    added.append(elementsAt: 0..<elements.count, of: elements)
  }

  /// The messages that say so, those that delete and those that add.
  ///
  /// - Parameter shape: the set.
  package func messages(_ path: SetPath, _ shape: KernelSet) -> (dead: [UInt8], added: [UInt8]) {
    var (gone, come) = (shape.keysOnly, shape)
    gone.elements = dead
    come.elements = added
    return (
      SetContent.elementMessages(path, gone, deletes: true),
      SetContent.elementMessages(path, come, deletes: false)
    )
  }

  /// Reads what ``messages(_:_:)`` made.
  package init(
    dead: [UInt8], added: [UInt8], _ path: SetPath, _ shape: KernelSet
  ) throws(NetlinkError) {
    self.dead = try SetContent.decode(dead, path, shape.keysOnly)
    self.added = try SetContent.decode(added, path, shape)
  }
}

extension KernelSet {
  /// The set as if its elements were keys alone.
  fileprivate var keysOnly: KernelSet {
    KernelSet(
      name, flags.subtracting(.map), keyType: keyType, keyLength: keyLength,
      elements: ElementTable(keyLength: keyLength))
  }
}

/// Large sets of one state of the rules.
package struct KnownContents: Sendable {
  /// The number of the state.
  package let generation: UInt32
  package let sets: [SetContent]

  package init(generation: UInt32, sets: [SetContent]) {
    self.generation = generation
    self.sets = sets
  }
}
