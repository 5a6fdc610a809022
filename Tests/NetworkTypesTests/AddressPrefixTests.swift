import NetworkTypes
import Testing

@Suite struct AddressPrefixTests {
  @Test(arguments: [
    ("10.0.0.0/8", "10.0.0.0/8", "10.255.255.255"), ("10.1.2.3/8", "10.0.0.0/8", "10.255.255.255"),
    ("0.0.0.0/0", "0.0.0.0/0", "255.255.255.255"), ("192.0.2.1", "192.0.2.1/32", "192.0.2.1"),
    ("192.0.2.255/31", "192.0.2.254/31", "192.0.2.255"),
    ("::/0", "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fd00::1/64", "fd00::/64", "fd00::ffff:ffff:ffff:ffff"), ("::1/128", "::1/128", "::1"),
  ])
  func readsAndMasks(text: String, canonical: String, last: String) throws {
    let prefix = try #require(AddressPrefix(text))
    #expect(prefix.description == canonical)
    #expect(prefix.last.description == last)
    #expect(AddressPrefix(canonical) == prefix)
  }

  @Test(arguments: [
    "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08",
    "10.0.0.0/ 8", "10.0.0.0/8/8", "10.0.0.0/255.0.0.0", "::/129", "::/00", "fd00::/1000",
    "10.0.0/8", "10.0.0.0/18446744073709551624",
  ])
  func refuses(text: String) {
    #expect(AddressPrefix(text) == nil)
  }

  @Test func containsExactlyItsAddresses() throws {
    let prefix = try #require(AddressPrefix("172.18.64.0/18"))
    for (text, expected) in [
      ("172.18.64.0", true), ("172.18.127.255", true), ("172.18.63.255", false),
      ("172.18.128.0", false), ("::ac12:4000", false),
    ] {
      #expect(prefix.contains(try #require(IPAddress(text))) == expected, "\(text)")
    }
  }

  @Test func containmentOfPrefixesIsThatOfTheirRanges() {
    var generator = SeededGenerator(seed: 0xA0)
    for _ in 0..<5_000 {
      let (one, other) = (randomPrefix(&generator), randomPrefix(&generator))
      #expect(one.contains(other) == AddressRange(one).contains(AddressRange(other)))
      let isNested = one.contains(other) || other.contains(one)
      #expect(AddressRange(one).overlaps(AddressRange(other)) == isNested)
    }
  }

  private func randomPrefix(_ generator: inout SeededGenerator) -> AddressPrefix {
    let family: AddressFamily = generator.isOne(in: 2) ? .ipv4 : .ipv6
    let bits = UInt128.random(in: 0...0xFF, using: &generator)
    let address = IPAddress(family: family, bits: bits << UInt128(family.width - 8))
    return AddressPrefix(masking: address, length: Int.random(in: 0...8, using: &generator))
  }

  @Test func ordersByAddressThenLength() throws {
    let texts = ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "::/0", "fd00::/8"]
    let prefixes = try texts.map { try #require(AddressPrefix($0)) }
    #expect(prefixes.reversed().sorted() == prefixes)
  }
}
