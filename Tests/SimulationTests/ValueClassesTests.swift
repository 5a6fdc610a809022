import Driver
import Testing

/// Classes of values: whoever is in one of them is in the same sets.
@Suite struct ValueClassesTests {
  @Test func setsCutTheUniverse() {
    let classes = ValueClasses(of: [0...99], by: [[10...19], [15...29]]).classes.map(\.ranges)
    #expect(classes == [[0...9, 30...99], [10...14], [15...19], [20...29]])
  }

  @Test func theEndOfNumbersIsNoEnd() {
    let top = UInt128.max
    let classes = ValueClasses(of: [0...top], by: [[(top - 1)...top]]).classes.map(\.ranges)
    #expect(classes == [[0...(top - 2)], [(top - 1)...top]])
  }

  @Test func whatIsOutsideDoesNotCount() {
    #expect(ValueClasses(of: [], by: [[1...2]]).classes.isEmpty)
    let classes = ValueClasses(of: [5...6, 8...9], by: [[0...5], [7...7]]).classes.map(\.ranges)
    #expect(classes == [[5...5], [6...6, 8...9]])
  }

  /// Against trying every value.
  @Test func everyValueIsInTheClassOfItsSets() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let sets = (0..<4).map { _ -> [ClosedRange<UInt128>] in
        let lower = UInt128.random(in: 0..<40, using: &generator)
        return [lower...(lower + UInt128.random(in: 0..<20, using: &generator))]
      }
      let classes = ValueClasses(of: [3...50], by: sets).classes
      var seen: [[Bool]: Int] = [:]
      for value: UInt128 in 3...50 {
        let signature = sets.map { $0[0].contains(value) }
        let owner = classes.firstIndex { $0.ranges.contains { $0.contains(value) } }
        #expect(owner != nil && seen[signature, default: owner ?? -1] == owner)
        seen[signature] = owner
      }
      #expect(seen.count == classes.count)
    }
  }
}
