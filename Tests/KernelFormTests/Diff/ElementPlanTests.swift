import KernelForm
import KernelTestSupport
import Netfilter
import PolicyTestSupport
import Testing

@Suite("Elements are compared one by one, whatever their order")
struct ElementPlanTests {
  private func ruleset(_ flags: SetFlags, _ elements: ElementTable) -> KernelRuleset {
    var table = KernelTable(family: .inet, name: "bridgeward", comment: "managed by bridgeward")
    table.sets = [
      KernelSet(
        "publish4", flags, keyType: 29453, keyLength: elements.keyLength, elements: elements)
    ]
    return KernelRuleset(tables: [table])
  }

  private func counts(_ plan: Plan) -> (removed: Int, added: Int) {
    var result = (removed: 0, added: 0)
    for operation in plan.operations {
      if case .addElements(_, let set) = operation { result.added += set.elements.count }
      if case .deleteElements(_, let set) = operation { result.removed += set.elements.count }
    }
    return result
  }

  /// A published port for each number, in an order that `factor` shuffles.
  private func publishes(
    _ count: Int, factor: Int = 1, except missing: Set<Int> = [], port: UInt8 = 80
  ) -> ElementTable {
    var table = ElementTable(keyLength: 12, dataLength: 8)
    for index in 0..<count {
      let number = index * factor % count
      if missing.contains(number) { continue }
      let bytes = [UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255)]
      table.append(
        key: [198, 51, 100, 1, 6, 0, 0, 0, bytes[1], bytes[2], 0, bytes[0]],
        value: [172, 18, 0, bytes[2], 0, number == 7 ? port : 80, 0, 0],
        comment: "policy.ward:\(number)".utf8)
    }
    return table
  }

  @Test("only what differs is named, in either direction")
  func fewOfMany() throws {
    let live = ruleset([.map], publishes(1000, factor: 7, except: [3, 5]))
    let wanted = ruleset([.map], publishes(1000, except: [9], port: 81))
    let steps = plan(from: live, to: wanted)
    // 9 goes; 3 and 5 come; 7 goes elsewhere.
    #expect(counts(steps) == (removed: 2, added: 3))
    #expect(try apply(steps, to: live).canonical == wanted.canonical)
  }

  /// One element, as a table holds it.
  private struct Row: Hashable {
    var key: [UInt8]
    var value: [UInt8]
    var comment: [UInt8]
  }

  private func table(_ rows: [Row], keyLength: Int, dataLength: Int) -> ElementTable {
    var table = ElementTable(keyLength: keyLength, dataLength: dataLength)
    for row in rows { table.append(key: row.key, value: row.value, comment: row.comment) }
    return table
  }

  @Test(
    "what few changes do is found, whatever lengths keys and data have",
    arguments: [1, 2, 4, 5, 8, 11, 12, 16, 20], [4, 8, 13])
  func lengths(keyLength: Int, dataLength: Int) throws {
    var generator = SeededGenerator(seed: UInt64(keyLength * 100 + dataLength))
    func bytes(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in .random(in: 0...3, using: &generator) }
    }
    func row(_ number: Int) -> Row {
      var key = bytes(keyLength)
      // No two keys are the same.
      key[keyLength - 1] = UInt8(number)
      return Row(
        key: key, value: bytes(dataLength), comment: bytes(Int.random(in: 0...9, using: &generator))
      )
    }
    for changes in [0, 1, 1, 2, 3, 20] {
      let old = (0..<90).map(row)
      var new = old
      for number in 0..<changes {
        let place = Int.random(in: 0..<new.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: new.remove(at: place)
        case 1: new.insert(row(100 + number), at: place)
        case 2: new[place].value[dataLength - 1] ^= 1
        default: new[place].comment.append(7)
        }
      }
      let live = ruleset([.map], table(old, keyLength: keyLength, dataLength: dataLength))
      let wanted = ruleset([.map], table(new, keyLength: keyLength, dataLength: dataLength))
      let steps = plan(from: live, to: wanted)
      let expected = (
        removed: Set(old).subtracting(new).count, added: Set(new).subtracting(old).count
      )
      #expect(counts(steps) == expected)
      #expect(try apply(steps, to: live).canonical == wanted.canonical)
    }
  }

  @Test("of large sets only what a plan is about stays, on both sides")
  func narrowed() throws {
    let live = ruleset([.map], publishes(1000, factor: 7, except: [3]))
    let wanted = ruleset([.map], publishes(1000, port: 81))
    let steps = plan(from: live, to: wanted)
    func count(_ ruleset: KernelRuleset) -> Int? {
      ruleset.narrowed(to: steps).tables.first?.sets.first?.elements.count
    }
    // 7 goes elsewhere; 3 comes.
    #expect(count(live) == 1 && count(wanted) == 2)
    #expect(
      plan(from: live.narrowed(to: steps), to: wanted.narrowed(to: steps)).sizes.added == 2)
  }

  @Test("a comment is written anew with its element")
  func comment() throws {
    var old = ElementTable(keyLength: 4)
    old.append(key: [10, 0, 0, 1], comment: "p.ward:1".utf8)
    old.append(key: [10, 0, 0, 2], comment: "p.ward:2".utf8)
    var new = ElementTable(keyLength: 4)
    new.append(key: [10, 0, 0, 1], comment: "p.ward:3".utf8)
    new.append(key: [10, 0, 0, 2], comment: "p.ward:2".utf8)
    let steps = plan(from: ruleset([], old), to: ruleset([], new))
    #expect(counts(steps) == (removed: 1, added: 1))
    #expect(try apply(steps, to: ruleset([], old)).canonical == ruleset([], new).canonical)
  }

  private func intervals(_ list: [(UInt8, UInt8?)], belowFirst: Bool = false) -> ElementTable {
    var table = ElementTable(keyLength: 4)
    if belowFirst { table.append(key: [0, 0, 0, 0], comment: [], endsInterval: true) }
    for (start, end) in list {
      table.append(key: [10, 0, 0, start], comment: [])
      if let end { table.append(key: [10, 0, 0, end], comment: [], endsInterval: true) }
    }
    return table
  }

  @Test("an interval goes and comes with both its ends")
  func interval() throws {
    let old = intervals([(0, 4), (8, 16), (200, nil)])
    let new = intervals([(200, nil), (8, 12), (0, 4)])
    let live = ruleset([.interval], old)
    let wanted = ruleset([.interval], new)
    let steps = plan(from: live, to: wanted)
    #expect(counts(steps) == (removed: 2, added: 2))
    #expect(try apply(steps, to: live).canonical == wanted.canonical)
  }

  @Test("nft's mark below the first interval comes and goes by itself")
  func belowFirst() throws {
    let live = ruleset([.interval], intervals([(8, 16)], belowFirst: true))
    let wanted = ruleset([.interval], intervals([(8, 16)]))
    #expect(counts(plan(from: live, to: wanted)) == (removed: 1, added: 0))
    #expect(counts(plan(from: wanted, to: live)) == (removed: 0, added: 1))
    #expect(plan(from: live, to: live).isEmpty)
  }

  @Test("of several elements with one key the first counts, as in the kernel")
  func repeated() throws {
    var wanted = ElementTable(keyLength: 4)
    wanted.append(key: [10, 0, 0, 1], comment: "p.ward:1".utf8)
    wanted.append(key: [10, 0, 0, 2], comment: "p.ward:2".utf8)
    wanted.append(key: [10, 0, 0, 1], comment: "p.ward:3".utf8)
    let standing = try apply(
      plan(from: KernelRuleset(), to: ruleset([], wanted)), to: KernelRuleset())
    #expect(standing.tables.first?.sets.first?.elements.count == 2)
    #expect(plan(from: standing, to: ruleset([], wanted)).isEmpty)
  }

  @Test("intervals that touch are told apart")
  func touching() throws {
    let live = ruleset([.interval], intervals([(0, 4), (4, 8), (8, 12)]))
    let wanted = ruleset([.interval], intervals([(0, 4), (4, 6), (8, 12)]))
    let steps = plan(from: live, to: wanted)
    #expect(counts(steps) == (removed: 2, added: 2))
    #expect(try apply(steps, to: live).canonical == wanted.canonical)
  }

  @Test("a hundred thousand elements in another order are the same")
  func many() {
    let live = ruleset([.map], publishes(100_000, factor: 77_777))
    #expect(plan(from: live, to: ruleset([.map], publishes(100_000))).isEmpty)
  }
}
