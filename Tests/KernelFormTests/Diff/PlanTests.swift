import KernelForm
import KernelTestSupport
import Netfilter
import Testing

@Suite("Plans touch nothing that may stay")
struct PlanTests {
  private func rule(
    _ mark: UInt8, _ comment: String? = nil, packets: UInt64 = 0, handle: UInt64? = nil
  ) -> KernelRule {
    KernelRule(
      [
        .meta(.mark, into: .first), .compare(.first, .equal, value: [mark, 0, 0, 0]),
        .counter(packets: packets, bytes: packets * 100), .verdict(.accept),
      ], comment: comment, handle: handle)
  }

  private func ruleset(_ rules: [KernelRule], sets: [KernelSet] = []) -> KernelRuleset {
    var table = KernelTable(family: .inet, name: "bridgeward", comment: "managed by bridgeward")
    table.chains = [KernelChain("forward", .regular, rules: rules)]
    table.sets = sets
    return KernelRuleset(tables: [table])
  }

  private let path = TablePath(.inet, "bridgeward")

  @Test("a new rule goes before the one that follows it; the others are not named")
  func insertion() {
    let live = ruleset([rule(1, handle: 4), rule(3, handle: 5), rule(4, handle: 9)])
    let steps = plan(from: live, to: ruleset([rule(1), rule(2), rule(3), rule(4)]))
    #expect(
      steps.operations == [.addRule(path, chain: "forward", rule(2), .before(handle: 5))])
  }

  @Test("a rule at the end goes last")
  func appending() {
    let steps = plan(from: ruleset([rule(1, handle: 4)]), to: ruleset([rule(1), rule(2)]))
    #expect(steps.operations == [.addRule(path, chain: "forward", rule(2), .last)])
  }

  @Test("a rule whose line moved is added again with its counters")
  func movedLine() {
    let live = ruleset([
      rule(1, "p.ward:1", packets: 7, handle: 4), rule(2, "p.ward:2", packets: 8, handle: 5),
    ])
    let steps = plan(from: live, to: ruleset([rule(1, "p.ward:1"), rule(2, "p.ward:3")]))
    #expect(
      steps.operations == [
        .deleteRule(path, chain: "forward", handle: 5),
        .addRule(path, chain: "forward", rule(2, "p.ward:3", packets: 8), .last),
      ])
  }

  @Test("counters differ all the time; that is no difference")
  func counters() {
    let live = ruleset([rule(1, packets: 1_000_000, handle: 4)])
    #expect(plan(from: live, to: ruleset([rule(1)])).isEmpty)
  }

  @Test("a rule that moved keeps its counters")
  func movedRule() {
    let live = ruleset([
      rule(1, packets: 7, handle: 1), rule(2, handle: 2), rule(3, handle: 3),
    ])
    let steps = plan(from: live, to: ruleset([rule(2), rule(3), rule(1)]))
    #expect(
      steps.operations == [
        .deleteRule(path, chain: "forward", handle: 1),
        .addRule(path, chain: "forward", rule(1, packets: 7), .last),
      ])
  }

  @Test("a stranger goes with its table; counters come back")
  func stranger() {
    var live = ruleset([rule(1, packets: 7, handle: 1)])
    live.tables[0].strangers = ["counter visits"]
    let steps = plan(from: live, to: ruleset([rule(1)]))
    #expect(steps.operations.first == .deleteTable(.inet, name: "bridgeward"))
    #expect(
      steps.operations.last == .addRule(path, chain: "forward", rule(1, packets: 7), .last))
  }

  @Test("a set of another shape goes with the rules that name it, and no others")
  func reshapedSet() throws {
    func set(size: UInt32) -> KernelSet {
      var elements = ElementTable(keyLength: 4)
      elements.append(key: [10, 0, 0, 1], comment: [])
      var set = KernelSet("office", [], keyType: 7, keyLength: 4, elements: elements)
      set.size = size
      return set
    }
    let lookup = KernelRule([
      .payload(.network, offset: 12, length: 4, into: .first),
      .lookup(set: "office", key: .first, data: nil, inverted: false), .verdict(.accept),
    ])
    let live = ruleset([rule(1), lookup, rule(2)], sets: [set(size: 0)]).numbered
    let wanted = ruleset([rule(1), lookup, rule(2)], sets: [set(size: 1024)])
    let steps = plan(from: live, to: wanted)
    var empty = set(size: 1024)
    empty.elements = ElementTable(keyLength: 4)
    #expect(
      steps.operations == [
        .deleteRule(path, chain: "forward", handle: 2),
        .deleteSet(path, name: "office"),
        .addSet(path, empty),
        .addRule(path, chain: "forward", lookup, .before(handle: 3)),
        .addElements(path, set(size: 1024)),
      ])
    #expect(try apply(steps, to: live).canonical == wanted.canonical)
  }

  @Test("what packets put into a set stays")
  func filledSet() {
    func set(_ keys: [UInt8]) -> KernelSet {
      var elements = ElementTable(keyLength: 4)
      for key in keys { elements.append(key: [10, 0, 0, key], comment: []) }
      return KernelSet("seen", [.dynamic, .timeout], keyType: 7, keyLength: 4, elements: elements)
    }
    let live = ruleset([], sets: [set([1, 2, 3])])
    #expect(plan(from: live, to: ruleset([], sets: [set([])])).isEmpty)
  }

  @Test("rules in reverse order are the same work as rules anew, not more")
  func reversal() throws {
    let rules = (UInt8(0)..<200).map { rule($0) }
    let live = ruleset(rules).numbered
    let wanted = ruleset(rules.reversed())
    let steps = plan(from: live, to: wanted)
    #expect(steps.operations.count == 2 * 199)
    #expect(try apply(steps, to: live).canonical == wanted.canonical)
  }
}
