import NetworkTypes
import Testing

@Suite struct InterfaceNameTests {
  @Test(arguments: [
    "lo", "eth0", "br-front", "eth0.100", "wg_vpn", "a", "123456789012345", "c++1", "veth@x",
    "...", "a-", "eth0%x", "0",
  ])
  func accepts(text: String) throws {
    let name = try InterfaceName(validating: text)
    #expect(name.text == text && name.description == text)
  }

  @Test(arguments: [
    ("", InterfaceName.Problem.empty), ("1234567890123456", .tooLong(16)),
    ("a/b", .forbiddenCharacter), ("a:b", .forbiddenCharacter), ("a b", .forbiddenCharacter),
    ("a\tb", .forbiddenCharacter), ("a\nb", .forbiddenCharacter), ("eth*", .forbiddenCharacter),
    ("a\"b", .forbiddenCharacter), ("a\\b", .forbiddenCharacter), ("brü", .forbiddenCharacter),
    ("a\u{7F}", .forbiddenCharacter), ("a\0b", .forbiddenCharacter), (".", .reserved),
    ("..", .reserved), ("-i", .reserved), ("eth+", .reserved), ("+", .reserved),
  ])
  func refuses(text: String, problem: InterfaceName.Problem) {
    #expect(throws: problem) { try InterfaceName(validating: text) }
  }

  @Test func ordersByBytes() throws {
    let texts = ["br-a", "br-b", "br0", "eth0", "eth10", "eth2"]
    let names = try texts.map { try InterfaceName(validating: $0) }
    #expect(names.reversed().sorted() == names)
    #expect(InterfaceName.loopback.text == "lo")
  }
}
