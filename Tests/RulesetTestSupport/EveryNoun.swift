package import Netfilter
import NetworkTypes

/// A table with every set, map, condition and effect that tables of family inet know.
package func everyInetNoun() -> Table {
  var table = Table(family: .inet, name: "bridgeward", comment: "managed by bridgeward")
  table.sets = inetSets
  table.verdictMaps = verdictMaps
  table.addressMaps = addressMaps
  table.chains = [
    Chain("leaf", rules: [Rule([], [.verdict(.return)], origin: Sample.origin(1))]),
    Chain("conditions", rules: numbered(NounSamples.inetMatches.map { ($0, [.verdict(.accept)]) })),
    Chain("effects", rules: numbered(NounSamples.inetActions)),
    Chain(
      "forward", .base(BaseChain(.filter, .forward, priority: HookPriority.filter)),
      rules: ["conditions", "effects"].map { Rule([], [.verdict(.jump($0))]) }),
    Chain(
      "nat-prerouting",
      .base(BaseChain(.nat, .prerouting, priority: HookPriority.destinationNAT)),
      rules: numbered(NounSamples.destinationActions)),
    Chain(
      "nat-postrouting", .base(BaseChain(.nat, .postrouting, priority: HookPriority.sourceNAT)),
      rules: numbered(NounSamples.sourceActions)),
    Chain(
      "raw-prerouting", .base(BaseChain(.filter, .prerouting, priority: HookPriority.raw)),
      rules: [Rule([.destinationIsLocal(true)], [.counter, .verdict(.jump("leaf"))])]),
  ]
  return table
}

/// A table with every set, condition and effect that bridge tables know.
///
/// - Parameter includesRare: whether to include conditions that a kernel may lack.
package func everyBridgeNoun(includesRare: Bool = false) -> Table {
  var table = Table(family: .bridge, name: "bridgeward", comment: "managed by bridgeward")
  table.sets = bridgeSets
  let matches = NounSamples.bridgeMatches + (includesRare ? NounSamples.rareBridgeMatches : [])
  table.chains = [
    Chain("conditions", rules: numbered(matches.map { ($0, [.verdict(.accept)]) })),
    Chain("effects", rules: numbered(NounSamples.bridgeActions)),
    Chain(
      "forward", .base(BaseChain(.filter, .forward, priority: HookPriority.bridgeFilter)),
      rules: ["conditions", "effects"].map { Rule([], [.verdict(.jump($0))]) }),
  ]
  return table
}

private func numbered(_ samples: [(matches: [Match], actions: [Action])]) -> [Rule] {
  samples.enumerated().map { index, sample in
    Rule(
      sample.matches, sample.actions, origin: Sample.origin(UInt32(index) + 1),
      comment: index % 2 == 0 ? "because of \(index)" : nil)
  }
}

private let office4 = NamedSet(
  "office4",
  .addresses(.ipv4, ["10.0.0.0/9", "192.0.2.7", "203.0.113.3-203.0.113.9"].map(Sample.range)),
  origin: Sample.origin(3))
private let office6 = NamedSet(
  "office6", .addresses(.ipv6, ["fd00::1", "fd00:5::/48", "fd01::1-fd01::5"].map(Sample.range)))

private let inetSets = [
  office4, office6,
  NamedSet(
    "singles4",
    .addresses(.ipv4, (0..<40).map { Sample.range("10.9.\($0).1") })),
  NamedSet("nobody4", .addresses(.ipv4, [])),
  NamedSet("networks", .interfaces(["br-back", "br0", "tap0"].map(Sample.interface))),
  NamedSet("rate4", .meter(.ipv4)), NamedSet("rate6", .meter(.ipv6)),
  NamedSet("connections4", .meter(.ipv4)), NamedSet("connections6", .meter(.ipv6)),
]

private let bridgeSets = [
  office4, office6,
  NamedSet("ports", .learnedInterfaces(timeout: 86_400)),
  NamedSet("flows4", .flows(.ports(.ipv4, .udp), timeout: 180)),
  NamedSet("flows6", .flows(.ports(.ipv6, .sctp), timeout: 600)),
  NamedSet("echoes4", .flows(.echo(.ipv4), timeout: 180)),
  NamedSet("echoes6", .flows(.echo(.ipv6), timeout: 180)),
  NamedSet("others4", .flows(.addresses(.ipv4), timeout: 600)),
  NamedSet("others6", .flows(.addresses(.ipv6), timeout: 600)),
]

private let verdictMaps: [VerdictMap] = {
  let br0 = KeyValue.interface(Sample.interface("br0"))
  let tap = KeyValue.interface(Sample.interface("tap0"))
  return [
    VerdictMap(
      "by-interface", [.inputInterface],
      elements: [
        VerdictMap.Element([br0], .jump("leaf"), origin: Sample.origin(8)),
        VerdictMap.Element([tap], .goto("leaf")),
      ]),
    VerdictMap(
      "by-pair", [.inputInterface, .outputInterface],
      elements: [
        VerdictMap.Element([br0, tap], .drop), VerdictMap.Element([tap, br0], .accept),
      ]),
    VerdictMap(
      "by-port", [.destinationPort],
      elements: [
        VerdictMap.Element([.ports(PortRange(22))], .accept),
        VerdictMap.Element([.ports(PortRange(3000, 9000))], .return, origin: Sample.origin(9)),
      ]),
    VerdictMap(
      "by-service", [.destinationAddress(.ipv4), .transport, .destinationPort],
      elements: [
        VerdictMap.Element(
          [.address(Sample.address("192.0.2.1")), .transport(.tcp), .ports(PortRange(80, 83))],
          .goto("leaf"), origin: Sample.origin(10)),
        VerdictMap.Element(
          [.address(Sample.address("192.0.2.1")), .transport(.udp), .ports(PortRange(80))],
          .jump("leaf")),
      ]),
    VerdictMap(
      "by-source", [.sourceAddress(.ipv6)],
      elements: [VerdictMap.Element([.address(Sample.address("fd00::7"))], .accept)]),
    VerdictMap("by-nothing", [.inputInterface]),
  ]
}()

private let addressMaps: [AddressMap] = {
  func element(
    _ address: String?, _ transport: TransportProtocol, _ ports: PortRange, to target: String,
    _ port: UInt16
  ) -> AddressMap.Element {
    let host = address.map { [KeyValue.address(Sample.address($0))] } ?? []
    return AddressMap.Element(
      ElementKey(host + [.transport(transport), .ports(ports)]), to: Sample.address(target),
      port: port, origin: Sample.origin(UInt32(ports.lower)))
  }
  let service: [KeyField] = [.transport, .destinationPort]
  return [
    AddressMap(
      "publish4", .ipv4, [.destinationAddress(.ipv4)] + service, rewritesPort: true,
      elements: [
        element("192.0.2.1", .tcp, PortRange(80), to: "10.0.0.2", 8080),
        element("192.0.2.1", .udp, PortRange(5000, 5004), to: "10.0.0.3", 6000),
        element("192.0.2.1", .sctp, PortRange(5000, 5001), to: "10.0.0.3", 5000),
      ]),
    AddressMap(
      "publish6", .ipv6, [.destinationAddress(.ipv6)] + service, rewritesPort: true,
      elements: [
        element("2001:db8::1", .tcp, PortRange(80), to: "fd00::2", 8080),
        element("2001:db8::1", .udp, PortRange(5000, 5004), to: "fd00::3", 6000),
      ]),
    AddressMap(
      "publish4-any", .ipv4, service, rewritesPort: true,
      elements: [element(nil, .tcp, PortRange(443), to: "10.0.0.2", 443)]),
    AddressMap(
      "publish4-udp-ranges", .ipv4, [.destinationPort], rewritesPort: false, transport: .udp,
      elements: [
        AddressMap.Element(
          [.ports(PortRange(10_000, 20_000))], to: Sample.address("10.0.0.2"), port: nil,
          origin: Sample.origin(7)),
        AddressMap.Element(
          [.ports(PortRange(20_001, 20_001))], to: Sample.address("10.0.0.4"), port: nil),
      ]),
  ]
}()
