import Netfilter
import NetworkTypes
import NftablesBackend
import RulesetTestSupport
import Testing

@Suite("The text of nft scripts")
struct NftTextTests {
  @Test("every noun, as it is known to be right")
  func everyNoun() throws {
    let tables = [everyInetNoun(), everyBridgeNoun(includesRare: true)]
    try expectGolden(
      nftScript(Ruleset(tables: tables), header: ["every noun", "odd \"\u{e9}\""]),
      "every-noun.nft")
  }

  @Test("comments are cut to what nft takes")
  func longComment() throws {
    var table = Table(family: .inet, name: "bridgeward")
    let why = String(repeating: "because ", count: 40)
    table.chains = [
      Chain("leaf", rules: [Rule([], [.counter], origin: Sample.origin(1), comment: why)])
    ]
    let script = nftScript(Ruleset(tables: [table]))
    let comment = String(decoding: script, as: UTF8.self).split(separator: "\"")[1]
    #expect(comment.hasPrefix("policy.ward:1: because because"))
    #expect(comment.utf8.count == 128)
    let result = try NamespacedShell(files: ["a.nft": script]).run("nft -f a.nft")
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test("a large map has a size")
  func largeMap() throws {
    let text = String(decoding: script(3000), as: UTF8.self)
    #expect(text.contains("\t\tsize 8192\n"))
  }

  /// A script with a map of `count` published ports.
  private func script(_ count: Int) -> [UInt8] {
    var elements: [AddressMap.Element] = []
    for index in 0..<count {
      let host = IPAddress(family: .ipv4, bits: UInt128(0xC000_0200 + index / 60_000))
      let port = UInt16(1000 + index % 60_000)
      let target = IPAddress(family: .ipv4, bits: UInt128(0x0A00_0000 + index))
      elements.append(
        AddressMap.Element(
          [.address(host), .transport(.tcp), .ports(PortRange(port))], to: target, port: 80,
          origin: Sample.origin(UInt32(index))))
    }
    var table = Table(family: .inet, name: "bridgeward")
    table.addressMaps = [
      AddressMap(
        "publish4", .ipv4, [.destinationAddress(.ipv4), .transport, .destinationPort],
        rewritesPort: true, elements: elements)
    ]
    return nftScript(Ruleset(tables: [table]))
  }
}
