import KernelForm
import KernelTestSupport
import Netfilter
import NetlinkBackend
import Testing

/// Elements that are known need not be asked for.
@Suite struct SetContentTests {
  private let path = SetPath(TablePath(.inet, "bridgeward"), "publish4")

  private func set(_ range: Range<Int>) -> KernelSet {
    var set = Fixture.publishes(range.upperBound)
    let all = set.elements
    set.elements = ElementTable(keyLength: all.keyLength, dataLength: all.dataLength)
    for index in range { set.elements.append(elementAt: index, of: all) }
    return set
  }

  @Test func editsAddUp() throws {
    let all = set(0..<2000)
    var edits = SetEdits(of: all)
    edits.delete(set(10..<12).elements)
    edits.add(set(2000..<2003).elements)
    edits.delete(set(2001..<2002).elements)
    edits.delete(set(0..<1).elements)
    edits.add(set(10..<11).elements)
    let (dead, added) = edits.messages(path, all)
    let read = try SetEdits(dead: dead, added: added, path, all)
    let content = SetContent(path, base: SetContent.messages(path, all), edits: read)
    let elements = try content.elements(of: set(0..<0))
    var expected = set(1..<10).elements
    for range in [12..<2000, 2000..<2001, 2002..<2003, 10..<11] {
      let part = set(range).elements
      for index in 0..<part.count { expected.append(elementAt: index, of: part) }
    }
    #expect(elements.keys == expected.keys && elements.data == expected.data)
    #expect(elements.comments == expected.comments)
    #expect(elements.commentEnds == expected.commentEnds)
    #expect(read.count == 6, "three are dead, one of them is back, and two came")
  }

  /// Whatever the lengths, and in as many messages as it takes.
  @Test(arguments: [(1, 0), (2, 6), (4, 4), (6, 1), (8, 8), (16, 7), (32, 16), (44, 64)])
  func elementsOfAnyLengthsAreReadAsTheyWereWritten(key: Int, data: Int) throws {
    var elements = ElementTable(keyLength: key, dataLength: data)
    for index in 0..<3000 {
      func bytes(_ count: Int, _ salt: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: index * 31 + $0 * 7 + salt) }
      }
      elements.append(
        key: bytes(key, 1), value: bytes(data, 2),
        comment: bytes(index % 3 == 0 ? 0 : index % 255, 3).map { $0 | 1 })
    }
    var all = KernelSet("any", data > 0 ? .map : [], keyType: 0, keyLength: key, elements: elements)
    all.dataLength = data
    let path = SetPath(path.table, "any")
    let content = SetContent(
      path, base: SetContent.messages(path, all), edits: SetEdits(of: all))
    var shape = all
    shape.elements = ElementTable(keyLength: key, dataLength: data)
    #expect(try content.elements(of: shape) == elements)
  }

  @Test func damageIsAnError() throws {
    let all = set(0..<2000)
    let other = SetPath(path.table, "other")
    let messages = SetContent.messages(path, all)
    for (path, bytes) in [(other, messages), (path, Array(messages.dropLast(5)))] {
      let content = SetContent(path, base: bytes, edits: SetEdits(of: all))
      #expect(throws: NetlinkError.self) { try content.elements(of: all) }
    }
  }

  @Test func readsAndSavesWithoutAsking() throws {
    let all = set(0..<3000)
    try inNamespace {
      var session = try NetlinkSession()
      try session.commit(Fixture.plan(Fixture.table(sets: [all])), generation: nil)
      let asked = try session.read(table: "bridgeward")
      let generation = try #require(asked.generation)
      let content = SetContent(
        path, base: SetContent.messages(path, all), edits: SetEdits(of: all))
      let known = KnownContents(generation: generation, sets: [content])
      let read = try session.read(table: "bridgeward", knowing: known)
      #expect(read.canonical == asked.canonical)

      let small = try session.snapshot(
        table: "bridgeward", leavingOut: [path], generation: generation)
      #expect(small.count < 4096)
      let whole = try wholeSnapshot(small, [content])
      #expect(try KernelRuleset(snapshot: whole).canonical == asked.canonical)
      try session.commit(Fixture.plan(Fixture.table()), generation: nil)
      try session.restore(whole, generation: nil)
      #expect(try session.read(table: "bridgeward").canonical == asked.canonical)

      // Of another state nothing is known.
      let stale = try session.read(table: "bridgeward", knowing: known)
      #expect(stale.canonical == asked.canonical)
      #expect(throws: NetlinkError.self) {
        _ = try session.snapshot(table: "bridgeward", generation: generation)
      }
    }
  }
}
