import NetworkTypes
import Testing

@Suite struct MACAddressTests {
  @Test(
    arguments: [
      ("02:42:ac:13:00:14", 0x0242_AC13_0014, "02:42:ac:13:00:14"),
      ("FF:FF:FF:FF:FF:FF", 0xFFFF_FFFF_FFFF, "ff:ff:ff:ff:ff:ff"),
      ("00:00:00:00:00:00", 0, "00:00:00:00:00:00"),
      (
        "0a:0B:00:0f:F0:01", 0x0A0B_000F_F001,
        "0a:0b:00:0f:f0:01"
      ),
    ] as [(String, UInt64, String)])
  func readsAndPrints(text: String, bits: UInt64, canonical: String) throws {
    let address = try #require(MACAddress(text))
    #expect(address.bits == bits)
    #expect(address.description == canonical)
    #expect(MACAddress(canonical) == address)
  }

  @Test(arguments: [
    "", "02", "02:42:ac:13:00", "02:42:ac:13:00:14:15", "2:42:ac:13:00:14", "02-42-ac-13-00-14",
    "02:42:ac:13:00:1g", "02:42:ac:13:00:+1", "02:42:ac:13:00:-0", "02:42:ac:13:00:14 ",
    "0242:ac:13:00:014", "02:42:ac:13:00:1é", "::::::::::::::::a", "02:42:ac:13:00.14",
  ])
  func refuses(text: String) {
    #expect(MACAddress(text) == nil)
  }

  @Test func roundTrips() {
    var generator = SeededGenerator(seed: 0x3AC)
    for _ in 0..<5_000 {
      let address = MACAddress(bits: generator.next())
      #expect(MACAddress(address.description) == address)
      #expect(MACAddress(address.description.uppercased()) == address)
    }
  }

  @Test func groupBitIsTheLowestOfTheFirstOctet() throws {
    #expect(try #require(MACAddress("01:00:5e:00:00:01")).isMulticast)
    #expect(try #require(MACAddress("ff:ff:ff:ff:ff:ff")).isMulticast)
    #expect(try !#require(MACAddress("02:42:ac:13:00:14")).isMulticast)
  }
}
