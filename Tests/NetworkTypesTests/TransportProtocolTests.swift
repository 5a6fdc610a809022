import NetworkTypes
import Testing

@Suite struct TransportProtocolTests {
  @Test(arguments: TransportProtocol.named.map(\.name))
  func everyNameReadsBackAsItself(name: String) throws {
    let transport = try #require(TransportProtocol(named: name))
    #expect(transport.description == name)
  }

  @Test func namesAndNumbersAreUnique() {
    #expect(Set(TransportProtocol.named.map(\.name)).count == TransportProtocol.named.count)
    #expect(Set(TransportProtocol.named.map(\.value)).count == TransportProtocol.named.count)
    #expect(TransportProtocol.named.map(\.name) == TransportProtocol.named.map(\.name).sorted())
  }

  /// IANA protocol-numbers.
  @Test(
    arguments: [
      ("icmp", 1), ("tcp", 6), ("udp", 17), ("gre", 47), ("esp", 50), ("ah", 51), ("icmpv6", 58),
      ("sctp", 132), ("udplite", 136), ("dccp", 33), ("vrrp", 112), ("ospf", 89), ("igmp", 2),
      ("ipip", 4),
    ] as [(String, UInt8)])
  func numbersAreIANAs(name: String, number: UInt8) {
    #expect(TransportProtocol(named: name)?.number == number)
  }

  @Test func unknownNamesAndNumbers() {
    #expect(TransportProtocol(named: "TCP") == nil && TransportProtocol(named: "") == nil)
    #expect(TransportProtocol(number: 200).description == "200")
  }

  @Test func onlyPortedProtocolsHavePorts() {
    let ported = TransportProtocol.named.filter(\.value.hasPorts).map(\.name)
    #expect(ported == ["dccp", "sctp", "tcp", "udp", "udplite"])
  }
}
