import HeaderSpace
import PolicyTestSupport
import Testing

/// Random functions of small headers, against their tables of values.
@Suite struct DiagramLawTests {
  private static let limits: [UInt128] = [5, 11, 2]

  private static let headers: [[UInt128]] = (0...limits[0]).flatMap { first in
    (0...limits[1]).flatMap { second in (0...limits[2]).map { [first, second, $0] } }
  }

  /// A function as boxes, of which the first that has a header counts.
  private struct Sample {
    let boxes: [(intervals: [Interval], value: Int)]

    func value(_ header: [UInt128]) -> Int {
      for box in boxes {
        let holds = zip(box.intervals, header).allSatisfy { $0.lower <= $1 && $1 <= $0.upper }
        if holds { return box.value }
      }
      return 0
    }
  }

  private static func sample(_ random: inout SeededGenerator, values: Int) -> Sample {
    let count = Int.random(in: 0...7, using: &random)
    return Sample(
      boxes: (0..<count).map { _ in
        let intervals = limits.map { limit in
          let bounds = [
            UInt128.random(in: 0...limit, using: &random),
            UInt128.random(in: 0...limit, using: &random),
          ].sorted()
          return Interval(bounds[0], bounds[1])
        }
        return (intervals, Int.random(in: 0..<values, using: &random))
      })
  }

  private static func diagram(_ sample: Sample, _ store: inout DiagramStore) -> Diagram {
    var list = BoxList(fields: [0, 1, 2])
    for box in sample.boxes { list.append(box.intervals, Diagram(constant: box.value)) }
    return store.boxes(list, else: .no)
  }

  private static func table(_ diagram: Diagram, _ store: DiagramStore) -> [Int] {
    headers.map { store.value(diagram, $0) }
  }

  private static let rounds = 300

  @Test func boxesAreWhatTheySay() {
    var random = SeededGenerator(seed: 1)
    var store = DiagramStore(limits: Self.limits)
    for _ in 0..<Self.rounds {
      let sample = Self.sample(&random, values: 4)
      let diagram = Self.diagram(sample, &store)
      #expect(Self.table(diagram, store) == Self.headers.map(sample.value))
    }
  }

  @Test func equalFunctionsAreEqualNodes() {
    var random = SeededGenerator(seed: 2)
    var store = DiagramStore(limits: Self.limits)
    var known: [[Int]: Diagram] = [:]
    for _ in 0..<Self.rounds {
      let diagram = Self.diagram(Self.sample(&random, values: 2), &store)
      let table = Self.table(diagram, store)
      #expect(known[table, default: diagram] == diagram)
      known[table] = diagram
      // The same function, put together from its parts in another way.
      let half = store.condition(1, [Interval(0, 5)])
      let lower = store.masked(diagram, by: half, else: .no)
      let upper = store.masked(diagram, by: store.negated(half), else: .no)
      #expect(store.either(upper, lower) == diagram)
    }
    #expect(Set(known.values).count == known.count)
  }

  @Test func mergingIsPointwise() {
    var random = SeededGenerator(seed: 3)
    var store = DiagramStore(limits: Self.limits)
    for _ in 0..<Self.rounds {
      let left = Self.diagram(Self.sample(&random, values: 5), &store)
      let right = Self.diagram(Self.sample(&random, values: 5), &store)
      let sum = store.merged(left, right) { left, right in
        guard let mine = left.constant, let theirs = right.constant else { return nil }
        return Diagram(constant: mine * 5 + theirs)
      }
      let expected = zip(Self.table(left, store), Self.table(right, store)).map { $0 * 5 + $1 }
      #expect(Self.table(sum, store) == expected)
    }
  }

  @Test func conditionsObeyDeMorgan() {
    var random = SeededGenerator(seed: 4)
    var store = DiagramStore(limits: Self.limits)
    for _ in 0..<Self.rounds {
      let left = Self.diagram(Self.sample(&random, values: 2), &store)
      let right = Self.diagram(Self.sample(&random, values: 2), &store)
      let both = store.both(left, right)
      let neither = store.either(store.negated(left), store.negated(right))
      #expect(store.negated(both) == neither)
      #expect(store.negated(store.negated(left)) == left)
      #expect(store.both(left, store.negated(left)) == .no)
      #expect(store.either(left, store.negated(left)) == .yes)
      let expected = zip(Self.table(left, store), Self.table(right, store)).map { $0 & $1 }
      #expect(Self.table(both, store) == expected)
    }
  }

  @Test func fixingAFieldLeavesTheRest() {
    var random = SeededGenerator(seed: 5)
    var store = DiagramStore(limits: Self.limits)
    for _ in 0..<Self.rounds {
      let diagram = Self.diagram(Self.sample(&random, values: 4), &store)
      let field = Int.random(in: 0..<3, using: &random)
      let value = UInt128.random(in: 0...Self.limits[field], using: &random)
      let rest = store.fixed(diagram, field, value)
      for header in Self.headers {
        var fixed = header
        fixed[field] = value
        #expect(store.value(rest, header) == store.value(diagram, fixed))
      }
    }
  }

  @Test func mappingChangesValuesAlone() {
    var random = SeededGenerator(seed: 6)
    var store = DiagramStore(limits: Self.limits)
    for _ in 0..<Self.rounds {
      let diagram = Self.diagram(Self.sample(&random, values: 4), &store)
      let mapped = store.mapped(diagram) { Diagram(constant: ($0.constant ?? 0) / 2) }
      #expect(Self.table(mapped, store) == Self.table(diagram, store).map { $0 / 2 })
      #expect(store.values(diagram) == Set(Self.table(diagram, store)).sorted())
    }
  }

  @Test func partsThatAreApartAreJoined() {
    var random = SeededGenerator(seed: 7)
    var store = DiagramStore(limits: Self.limits)
    for _ in 0..<Self.rounds {
      let diagram = Self.diagram(Self.sample(&random, values: 4), &store)
      let parts = (0...Self.limits[1]).map { value in
        let condition = store.condition(1, [Interval(value)])
        return store.masked(diagram, by: condition, else: .no)
      }
      #expect(store.joined(parts[...], hole: .no) == diagram)
    }
  }
}
