import NetworkTypes
import Testing

@Suite struct IPv4AddressTests {
  @Test(
    arguments: [
      ("0.0.0.0", 0), ("255.255.255.255", 0xFFFF_FFFF), ("192.0.2.1", 0xC000_0201),
      ("10.0.0.255", 0x0A00_00FF), ("127.0.0.1", 0x7F00_0001),
    ] as [(String, UInt32)])
  func readsAndPrints(text: String, bits: UInt32) throws {
    let address = try #require(IPv4Address(text))
    #expect(address.bits == bits)
    #expect(address.description == text)
  }

  @Test(arguments: [
    "", ".", "...", "1", "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.", "1.2.3.4.5",
    "256.0.0.0", "1.2.3.256", "1.2.3.1000", "01.2.3.4", "1.2.3.04", "1.2.3.00", "1.2.3.0x4",
    " 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n", "+1.2.3.4", "1.2.3.-4", "1.2.3.4/24", "1,2,3,4",
    "1.2.3.99999999999999999999", "a.b.c.d", "١.٢.٣.٤",
  ])
  func refuses(text: String) {
    #expect(IPv4Address(text) == nil)
  }

  @Test func agreesWithTheCLibrary() {
    var generator = SeededGenerator(seed: 0x4004)
    for _ in 0..<20_000 {
      let address = IPv4Address(bits: UInt32.random(in: 0 ... .max, using: &generator))
      #expect(IPv4Address(address.description) == address)
      #expect(SystemAddress.parseIPv4(address.description) == address.bits)
      let damaged = AddressSamples.damaged(address.description, &generator)
      #expect(IPv4Address(damaged)?.bits == SystemAddress.parseIPv4(damaged), "\(damaged)")
    }
  }

  @Test func ordersByValue() throws {
    let texts = ["0.0.0.0", "9.255.255.255", "10.0.0.0", "10.0.0.1", "200.0.0.0"]
    let addresses = try texts.map { try #require(IPv4Address($0)) }
    #expect(addresses.reversed().sorted() == addresses)
  }
}
