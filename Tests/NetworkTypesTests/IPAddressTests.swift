import NetworkTypes
import Testing

@Suite struct IPAddressTests {
  @Test func familyAndBitsMakeTheSameAddress() throws {
    for text in ["192.0.2.1", "2001:db8::1", "0.0.0.0", "::"] {
      let address = try #require(IPAddress(text))
      #expect(IPAddress(family: address.family, bits: address.bits) == address)
      #expect(address.description == text)
    }
    #expect(IPAddress("192.0.2.1")?.family == .ipv4)
    #expect(IPAddress("::c000:201")?.family == .ipv6)
    #expect(IPAddress("example.org") == nil)
  }

  private func isTrue(_ property: KeyPath<IPAddress, Bool>, _ text: String) throws -> Bool {
    try #require(IPAddress(text))[keyPath: property]
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.255.255.255", true), ("126.255.255.255", false),
    ("128.0.0.0", false), ("::1", true), ("::2", false), ("::", false),
    ("::ffff:127.0.0.1", false),
  ])
  func loopback(text: String, expected: Bool) throws {
    #expect(try isTrue(\.isLoopback, text) == expected)
  }

  @Test(arguments: [
    ("224.0.0.0", true), ("239.255.255.255", true), ("223.255.255.255", false),
    ("240.0.0.0", false), ("ff02::1", true), ("fe80::1", false), ("ff00::", true),
  ])
  func multicast(text: String, expected: Bool) throws {
    #expect(try isTrue(\.isMulticast, text) == expected)
  }

  @Test(arguments: [
    ("169.254.0.0", true), ("169.254.255.255", true), ("169.253.255.255", false),
    ("169.255.0.0", false), ("fe80::1", true), ("febf::1", true), ("fec0::1", false),
    ("fe7f::1", false),
  ])
  func linkLocal(text: String, expected: Bool) throws {
    #expect(try isTrue(\.isLinkLocal, text) == expected)
  }

  @Test(arguments: [("0.0.0.0", true), ("::", true), ("0.0.0.1", false), ("::1", false)])
  func unspecified(text: String, expected: Bool) throws {
    #expect(try isTrue(\.isUnspecified, text) == expected)
  }

  @Test func ordersByFamilyFirst() throws {
    let texts = ["0.0.0.0", "255.255.255.255", "::", "::1", "ff02::1"]
    let addresses = try texts.map { try #require(IPAddress($0)) }
    #expect(addresses.reversed().sorted() == addresses)
  }
}
