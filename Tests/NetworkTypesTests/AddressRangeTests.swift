import NetworkTypes
import Testing

@Suite struct AddressRangeTests {
  private func range(_ first: String, _ last: String) throws -> AddressRange {
    let first = try #require(IPAddress(first))
    let last = try #require(IPAddress(last))
    return try #require(AddressRange(first, last))
  }

  @Test func refusesReversedAndMixedEnds() throws {
    let low = try #require(IPAddress("10.0.0.1"))
    let high = try #require(IPAddress("10.0.0.2"))
    let other = try #require(IPAddress("::1"))
    #expect(AddressRange(high, low) == nil)
    #expect(AddressRange(low, other) == nil)
    #expect(AddressRange(low, low) == AddressRange(low))
  }

  @Test(arguments: [
    ("10.0.0.1", "10.0.0.1", "10.0.0.1"), ("10.0.0.0", "10.0.0.255", "10.0.0.0/24"),
    ("10.0.0.1", "10.0.0.255", "10.0.0.1-10.0.0.255"), ("0.0.0.0", "255.255.255.255", "0.0.0.0/0"),
    ("fd00::", "fd00::ff", "fd00::/120"), ("fd00::", "fd00::fe", "fd00::-fd00::fe"),
    ("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0"),
  ])
  func printsTheShortestForm(first: String, last: String, text: String) throws {
    #expect(try range(first, last).description == text)
  }

  @Test(arguments: [
    ("10.0.0.1", "10.0.0.6", ["10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/31", "10.0.0.6/32"]),
    ("10.0.0.0", "10.0.0.255", ["10.0.0.0/24"]),
    ("0.0.0.0", "255.255.255.255", ["0.0.0.0/0"]),
    ("255.255.255.254", "255.255.255.255", ["255.255.255.254/31"]),
    ("0.0.0.0", "128.0.0.0", ["0.0.0.0/1", "128.0.0.0/32"]),
    ("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ["::/0"]),
    ("::", "::2", ["::/127", "::2/128"]),
  ])
  func splitsIntoPrefixes(first: String, last: String, prefixes: [String]) throws {
    #expect(try range(first, last).prefixes.map(\.description) == prefixes)
  }

  @Test func prefixesCoverExactlyAndFewest() throws {
    var generator = SeededGenerator(seed: 0xC0)
    for _ in 0..<3_000 {
      let range = randomRange(&generator)
      let prefixes = range.prefixes
      #expect(prefixes.first?.address == range.first)
      #expect(prefixes.last?.last == range.last)
      for (one, next) in zip(prefixes, prefixes.dropFirst()) {
        #expect(one.last.bits + 1 == next.address.bits)
        // Two neighbors that could be one prefix would be one too many.
        #expect(AddressRange(one.address, next.last)?.prefix == nil)
      }
      #expect(prefixes.count <= 2 * range.family.width)
      #expect((range.prefix != nil) == (prefixes.count == 1))
    }
  }

  private func randomRange(_ generator: inout SeededGenerator) -> AddressRange {
    let family: AddressFamily = generator.isOne(in: 2) ? .ipv4 : .ipv6
    let limit: UInt128 = family == .ipv4 ? UInt128(UInt32.max) : .max
    let width = Int.random(in: 0...family.width, using: &generator)
    let mask: UInt128 = width == 128 ? .max : (1 << UInt128(width)) - 1
    let one = UInt128.random(in: 0...limit, using: &generator)
    let other = one ^ (UInt128.random(in: 0...limit, using: &generator) & mask)
    return AddressRange(family: family, lowerBits: min(one, other), upperBits: max(one, other))
  }

  @Test func overlapAndContainment() throws {
    let middle = try range("10.0.0.10", "10.0.0.20")
    let touching = try range("10.0.0.20", "10.0.0.30")
    let inside = try range("10.0.0.11", "10.0.0.19")
    let outside = try range("10.0.0.21", "10.0.0.22")
    #expect(middle.overlaps(touching) && touching.overlaps(middle))
    #expect(middle.contains(inside) && !inside.contains(middle) && middle.contains(middle))
    #expect(!middle.overlaps(outside) && !middle.contains(touching))
    let sameBits = AddressRange(
      family: .ipv6, lowerBits: middle.lowerBits, upperBits: middle.upperBits)
    #expect(!middle.overlaps(sameBits) && !middle.contains(sameBits))
    #expect(!middle.contains(sameBits.first))
  }

  @Test func allHasEveryAddress() {
    #expect(AddressRange.all(.ipv4).description == "0.0.0.0/0")
    #expect(AddressRange.all(.ipv6).description == "::/0")
  }
}
