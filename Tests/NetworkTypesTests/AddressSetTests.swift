import NetworkTypes
import Testing

/// The laws of sets, against a model that lists every member of a small universe.
@Suite struct AddressSetTests {
  /// The first 24 and the last 8 addresses of both families: edges are where arithmetic fails.
  private static let universe: [IPAddress] = AddressFamily.allCases.flatMap { family in
    let last = AddressRange.all(family).upperBits
    let bits: [UInt128] = Array(0..<24) + Array((last - 7)...last)
    return bits.map { IPAddress(family: family, bits: $0) }
  }

  private func members(_ set: AddressSet) -> Set<IPAddress> {
    Set(Self.universe.filter { set.contains($0) })
  }

  private func randomSet(_ generator: inout SeededGenerator) -> AddressSet {
    AddressSet(
      (0..<Int.random(in: 0...6, using: &generator)).compactMap { _ in
        AddressRange(
          Self.universe.randomElement(using: &generator)!,
          Self.universe.randomElement(using: &generator)!)
      })
  }

  private func expectNormal(_ set: AddressSet) {
    for (one, next) in zip(set.ranges, set.ranges.dropFirst()) {
      #expect(one < next)
      #expect(one.family != next.family || one.upperBits + 1 < next.lowerBits, "\(set)")
    }
  }

  @Test func unionAndSubtractionFollowTheModel() {
    var generator = SeededGenerator(seed: 0x5E7)
    for _ in 0..<3_000 {
      let (one, other) = (randomSet(&generator), randomSet(&generator))
      let union = one.union(other)
      let difference = one.subtracting(other)
      expectNormal(union)
      expectNormal(difference)
      #expect(members(union) == members(one).union(members(other)))
      #expect(members(difference) == members(one).subtracting(members(other)))
      let intersection = one.intersection(other)
      expectNormal(intersection)
      #expect(members(intersection) == members(one).intersection(members(other)))
    }
  }

  @Test func lawsHold() {
    var generator = SeededGenerator(seed: 0x5E8)
    for _ in 0..<2_000 {
      let (a, b, c) = (randomSet(&generator), randomSet(&generator), randomSet(&generator))
      #expect(a.union(b) == b.union(a))
      #expect(a.union(b).union(c) == a.union(b.union(c)))
      #expect(a.union(a) == a && a.union(AddressSet()) == a)
      #expect(a.subtracting(a).isEmpty && a.subtracting(AddressSet()) == a)
      #expect(a.subtracting(b).subtracting(c) == a.subtracting(b.union(c)))
      #expect(a.union(b).subtracting(c) == a.subtracting(c).union(b.subtracting(c)))
      #expect(a.subtracting(b).union(b) == a.union(b))
      #expect(a.intersection(b) == a.subtracting(a.subtracting(b)))
      #expect(a.overlaps(b) == !a.intersection(b).isEmpty)
      #expect(a.isSubset(of: b) == a.subtracting(b).isEmpty)
    }
  }

  @Test func overlapsWhereAMemberIsShared() {
    var generator = SeededGenerator(seed: 0x5E9)
    for _ in 0..<2_000 {
      let set = randomSet(&generator)
      guard let range = randomSet(&generator).ranges.first else { continue }
      #expect(set.overlaps(range) == set.ranges.contains { $0.overlaps(range) })
      #expect(set.contains(range) == set.ranges.contains { $0.contains(range) })
    }
  }

  @Test func mergesTouchingRanges() throws {
    let halves = try ["10.0.0.0/25", "10.0.0.128/25", "10.0.0.64/26"].map {
      AddressRange(try #require(AddressPrefix($0)))
    }
    #expect(AddressSet(halves).ranges.map(\.description) == ["10.0.0.0/24"])
    let everything = AddressSet([.all(.ipv4), .all(.ipv6), AddressRange(.ipv4(.init(bits: 7)))])
    #expect(everything.ranges == [.all(.ipv4), .all(.ipv6)])
    #expect(everything.ranges(of: .ipv6) == [.all(.ipv6)])
  }

  @Test func subtractingManyHolesIsNotQuadratic() {
    func everySecond(_ start: UInt128, _ step: UInt128) -> AddressSet {
      AddressSet(
        (0..<100_000).map { index in
          let bits = start + step * UInt128(index)
          return AddressRange(family: .ipv4, lowerBits: bits, upperBits: bits + step / 2)
        })
    }
    let clock = ContinuousClock()
    let elapsed = clock.measure {
      let rest = everySecond(0, 8).subtracting(everySecond(2, 8))
      #expect(rest.ranges.count == 100_000)
    }
    // A pairwise walk makes 10 000 000 000 steps and takes minutes.
    #expect(elapsed < .seconds(20))
  }
}
