import NetworkTypes
import Testing

@Suite struct PortRangeTests {
  @Test func countsAndPrints() {
    #expect(PortRange(80).count == 1 && PortRange(80).description == "80")
    #expect(PortRange(8000, 8010).count == 11 && PortRange(8000, 8010).description == "8000-8010")
    #expect(PortRange.all.count == 65_536 && PortRange.all.description == "0-65535")
  }

  @Test func containsItsEndsAndNothingBeyond() {
    let range = PortRange(1024, 2048)
    #expect(range.contains(1024) && range.contains(2048) && range.contains(1500))
    #expect(!range.contains(1023) && !range.contains(2049))
  }

  @Test func overlapIsASharedPort() {
    var generator = SeededGenerator(seed: 0xF0)
    for _ in 0..<2_000 {
      let (one, other) = (random(&generator), random(&generator))
      let expected = (one.lower...one.upper).contains { other.contains($0) }
      #expect(one.overlaps(other) == expected && other.overlaps(one) == expected)
    }
  }

  private func random(_ generator: inout SeededGenerator) -> PortRange {
    let one = UInt16.random(in: 0...12, using: &generator)
    let other = UInt16.random(in: 0...12, using: &generator)
    return PortRange(min(one, other), max(one, other))
  }

  @Test func ordersByFirstThenLast() {
    let ranges = [PortRange(1), PortRange(1, 9), PortRange(2), PortRange(2, 3)]
    #expect(ranges.reversed().sorted() == ranges)
  }
}
