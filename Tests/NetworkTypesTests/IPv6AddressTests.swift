import NetworkTypes
import Testing

@Suite struct IPv6AddressTests {
  /// RFC 5952, section 4 and 5, and the edges of `::`.
  @Test(arguments: [
    ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:0", "::"),
    ("2001:0db8::0001", "2001:db8::1"), ("2001:DB8::A", "2001:db8::a"),
    ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("0:0:1:0:0:0:0:0", "0:0:1::"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
    ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::ffff:c000:201", "::ffff:192.0.2.1"),
    ("::ffff:0.0.0.0", "::ffff:0.0.0.0"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ("1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"), ("1::5:11.22.33.44", "1::5:b16:212c"),
    ("FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
  ])
  func readsAndPrints(text: String, canonical: String) throws {
    let address = try #require(IPv6Address(text))
    #expect(address.description == canonical)
    #expect(IPv6Address(canonical) == address)
  }

  @Test(arguments: [
    "", ":", ":::", "1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1::2:3:4:5:6:7:8",
    "1::2::3", "1:::2", "12345::", "::12345", "g::", "::1%eth0", "::1/64", "[::1]", " ::1", "::1 ",
    "1.2.3.4", "::1.2.3", "::1.2.3.4.5", "::1.2.3.256", "::01.2.3.4", "::1.2.3.4:5",
    "1:2:3:4:5:6:7:1.2.3.4", "::a.2.3.4", "1.2.3.4::", "::.1.2.3", "::1..2.3", "0x1::",
    "1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17", "::-1", "+1::",
  ])
  func refuses(text: String) {
    #expect(IPv6Address(text) == nil)
  }

  @Test func spellingsAgreeWithTheCLibrary() {
    var generator = SeededGenerator(seed: 0x6006)
    for _ in 0..<20_000 {
      let bits = AddressSamples.ipv6(&generator)
      let text = AddressSamples.spelling(ofIPv6: bits, &generator)
      #expect(SystemAddress.parseIPv6(text) == bits, "\(text)")
      #expect(IPv6Address(text)?.bits == bits, "\(text)")
    }
  }

  @Test func judgesDamagedTextAsTheCLibraryDoes() {
    var generator = SeededGenerator(seed: 0x6007)
    var accepted = 0
    for _ in 0..<40_000 {
      let text = AddressSamples.spelling(ofIPv6: AddressSamples.ipv6(&generator), &generator)
      let damaged = AddressSamples.damaged(text, &generator)
      let expected = SystemAddress.parseIPv6(damaged)
      #expect(IPv6Address(damaged)?.bits == expected, "\(damaged)")
      if expected != nil { accepted += 1 }
    }
    #expect((5_000...35_000).contains(accepted), "both verdicts are common")
  }

  @Test func printsAsTheCLibraryDoes() {
    var generator = SeededGenerator(seed: 0x6008)
    for _ in 0..<20_000 {
      let bits = AddressSamples.ipv6(&generator)
      let text = IPv6Address(bits: bits).description
      #expect(IPv6Address(text)?.bits == bits)
      // The C library also writes the deprecated IPv4-compatible addresses with a quad.
      guard bits >> 32 != 0 else { continue }
      #expect(text == SystemAddress.printIPv6(bits))
    }
  }

  @Test func groupsAreMostSignificantFirst() throws {
    let address = try #require(IPv6Address("1:2:3:4:5:6:7:8"))
    #expect(address.groups == [1, 2, 3, 4, 5, 6, 7, 8])
  }
}
