import Diagnostics
package import Netfilter
package import NetworkTypes

/// Example values, short to write in tests.
package enum Sample {
  package static func interface(_ text: String) -> InterfaceName {
    guard let name = try? InterfaceName(validating: text) else {
      preconditionFailure("\(text) is an interface name")
    }
    return name
  }

  package static func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(text) else { preconditionFailure("\(text) is an address") }
    return address
  }

  package static func range(_ text: String) -> AddressRange {
    let ends = text.split(separator: "-").map(String.init)
    if ends.count == 2, let range = AddressRange(address(ends[0]), address(ends[1])) {
      return range
    }
    guard let prefix = AddressPrefix(text) else { preconditionFailure("\(text) is a range") }
    return AddressRange(prefix)
  }

  package static func mac(_ text: String) -> MACAddress {
    guard let address = MACAddress(text) else { preconditionFailure("\(text) is a MAC address") }
    return address
  }

  package static func origin(_ line: UInt32) -> Origin {
    Origin(span: SourceSpan(file: 0, start: line, end: line + 1), file: "policy.ward", line: line)
  }
}

/// At least one rule for every kind of condition and effect there is.
///
/// The names of sets and maps are those of ``everyInetNoun()`` and ``everyBridgeNoun()``.
package enum NounSamples {
  /// Conditions for tables of family inet, in chains of the forward hook.
  package static let inetMatches: [[Match]] = {
    let br0 = Sample.interface("br0")
    let v4 = Sample.range("10.1.0.0/16")
    let v6 = Sample.range("fd00:1::/64")
    return [
      [.family(.ipv4)], [.family(.ipv6)],
      [.inputInterface(.equals(br0))], [.inputInterface(.differs(br0))],
      [.inputInterface(.isIn("networks"))], [.inputInterface(.isNotIn("networks"))],
      [.outputInterface(.equals(br0))], [.outputInterface(.differs(br0))],
      [.outputInterface(.isIn("networks"))], [.outputInterface(.isNotIn("networks"))],
      [.source(AddressMatch(.range(v4)))], [.source(AddressMatch(.range(v6), negated: true))],
      [.source(AddressMatch(Sample.address("10.1.0.7")))],
      [.source(AddressMatch(.range(Sample.range("10.1.0.7-10.1.0.20"))))],
      [.source(AddressMatch(.set("office4", .ipv4)))],
      [.source(AddressMatch(.set("office4", .ipv4), negated: true))],
      [.destination(AddressMatch(.range(v4), negated: true))],
      [.destination(AddressMatch(.range(Sample.range("fd00::5-fd00::9"), ), negated: true))],
      [.destination(AddressMatch(.set("office6", .ipv6)))],
      [.destination(AddressMatch(.set("singles4", .ipv4)))],
      [.destination(AddressMatch(.range(.all(.ipv4))))],
      [.sourceIsLocal(true)], [.sourceIsLocal(false)],
      [.destinationIsLocal(true)], [.destinationIsLocal(false)],
      [.transport(.tcp)], [.transport(.gre)], [.transport(.icmpv6)], [.transport(.vrrp)],
      [.transport(.tcp), .sourcePort([PortRange(80)])],
      [.transport(.udp), .destinationPort([PortRange(53), PortRange(1000, 2000)])],
      [.transport(.sctp), .sourcePort([PortRange(1, 9)]), .destinationPort([PortRange(5)])],
      [.transport(.udplite), .destinationPort([PortRange(5), PortRange(6), PortRange(8)])],
      [.transport(.tcp), .destinationPort([PortRange.all])],
      [.icmp(.ipv4, type: 8, code: nil)], [.icmp(.ipv4, type: 3, code: 4)],
      [.icmp(.ipv6, type: 128, code: 0)],
      [.transport(.icmpv6), .icmp(.ipv6, type: 141, code: nil)],
      [.connectionState([.established, .related])], [.connectionState([.invalid])],
      [.connectionState(Set(ConnectionState.allCases))],
      [.destinationTranslated(true)], [.destinationTranslated(false)],
      [.originalDirection],
      [.mark(PacketMark(value: 0x1000, mask: 0xF000))], [.mark(PacketMark(value: 7, mask: .max))],
      [.limit(Limit(count: 10, unit: .minute, burst: 5, perSourceMeter: nil))],
      [.limit(Limit(count: 1, unit: .day, burst: 20, perSourceMeter: nil))],
      [.limit(Limit(count: 20_000, unit: .second, burst: 5, perSourceMeter: nil))],
      [.limit(Limit(count: 3, unit: .hour, burst: 9, perSourceMeter: "rate4"))],
      [.limit(Limit(count: 3, unit: .second, burst: 9, perSourceMeter: "rate6"))],
      [.connectionsOver(count: 20, perSource: false, meter: "unused")],
      [.connectionsOver(count: 5, perSource: true, meter: "connections4")],
      [.connectionsOver(count: 5, perSource: true, meter: "connections6")],
      [.sourceMAC(Sample.mac("02:42:ac:13:00:14"), negated: false)],
      [.sourceMAC(Sample.mac("02:42:ac:13:00:14"), negated: true)],
      [.connectionAttempt(true)], [.connectionAttempt(false)],
      [.transport(.tcp), .connectionAttempt(true)],
    ]
  }()

  /// Conditions for bridge tables that every kernel with bridge tables knows.
  package static let bridgeMatches: [[Match]] = {
    let target = Sample.range("fd00::1")
    let solicitation = Match.icmp(.ipv6, type: 135, code: nil)
    let arp = Match.etherType(.arp)
    return [
      [.family(.ipv4)], [.family(.ipv6)],
      [.etherType(.ipv4)], [.etherType(.arp)], [.etherType(.ipv6)],
      [.inputInterface(.isIn("ports"))], [.outputInterface(.isNotIn("ports"))],
      [.source(AddressMatch(.set("office4", .ipv4)))],
      [.sourceMAC(Sample.mac("02:42:ac:13:00:14"), negated: true)],
      [arp, .arpSenderAddress(AddressMatch(Sample.address("10.0.0.1")))],
      [arp, .arpSenderAddress(AddressMatch(.range(Sample.range("10.0.0.0/8")), negated: true))],
      [arp, .arpSenderAddress(AddressMatch(.set("office4", .ipv4), negated: true))],
      [arp, .arpTargetAddress(AddressMatch(Sample.address("10.0.0.1")))],
      [arp, .arpTargetAddress(AddressMatch(.range(Sample.range("10.0.0.0/12")), negated: true))],
      [arp, .arpTargetAddress(AddressMatch(.set("office4", .ipv4)))],
      [arp, .arpSenderMAC(Sample.mac("02:42:ac:13:00:14"), negated: false)],
      [arp, .arpSenderMAC(Sample.mac("02:42:ac:13:00:14"), negated: true)],
      [solicitation, .neighborTarget(AddressMatch(.range(target)))],
      [solicitation, .neighborTarget(AddressMatch(.range(target), negated: true))],
      [solicitation, .neighborTarget(AddressMatch(.range(Sample.range("fd00::/64"))))],
      [
        solicitation,
        .neighborTarget(AddressMatch(.range(Sample.range("fd00::/61")), negated: true)),
      ],
      [solicitation, .neighborTarget(AddressMatch(.range(Sample.range("fd00::1-fd00::5"))))],
      [solicitation, .neighborTarget(AddressMatch(.set("office6", .ipv6)))],
      [solicitation, .neighborTarget(AddressMatch(.set("office6", .ipv6), negated: true))],
      [.transport(.tcp), .connectionAttempt(false)],
      [.remembered(.ports(.ipv4, .udp), set: "flows4", .answering)],
      [.remembered(.ports(.ipv6, .sctp), set: "flows6", .answering)],
      [.remembered(.ports(.ipv4, .udp), set: "flows4", .opening)],
      [.remembered(.echo(.ipv4), set: "echoes4", .answering)],
      [.remembered(.echo(.ipv6), set: "echoes6", .opening)],
      [.remembered(.addresses(.ipv4), set: "others4", .answering)],
      [.remembered(.addresses(.ipv6), set: "others6", .answering)],
    ]
  }()

  /// Conditions for bridge tables that a kernel may lack.
  package static let rareBridgeMatches: [[Match]] = [
    [.inputBridge(Sample.interface("br0"))], [.outputBridge(Sample.interface("br0"))],
  ]

  /// Effects for chains of the forward hook.
  package static let inetActions: [(matches: [Match], actions: [Action])] = [
    ([], [.counter]), ([], [.log(prefix: "bridgeward denied: ")]),
    ([], [.log(prefix: "odd \"prefix\" \\ \u{e9} that is longer than iptables takes")]),
    ([], [.setMark(PacketMark(value: 0x1000, mask: 0xF000))]),
    ([], [.setMark(PacketMark(value: 5, mask: .max))]),
    ([], [.verdict(.accept)]), ([], [.verdict(.drop)]), ([], [.verdict(.return)]),
    ([], [.verdict(.jump("leaf"))]), ([], [.verdict(.goto("leaf"))]),
    ([], [.reject(.prohibited)]), ([.transport(.tcp)], [.reject(.tcpReset)]),
    ([], [.reject(.tcpReset)]),
    ([], [.dispatch([.inputInterface], map: "by-interface")]),
    ([], [.dispatch([.inputInterface, .outputInterface], map: "by-pair")]),
    ([.transport(.tcp)], [.dispatch([.destinationPort], map: "by-port")]),
    (
      [.family(.ipv4)],
      [.dispatch([.destinationAddress(.ipv4), .transport, .destinationPort], map: "by-service")]
    ),
    ([], [.dispatch([.sourceAddress(.ipv6)], map: "by-source")]),
    ([.transport(.tcp)], [.clampMSS(nil)]), ([.transport(.tcp)], [.clampMSS(1400)]),
    ([.family(.ipv4), .transport(.udp), .destinationPort([PortRange(68)])], [.fixChecksum]),
    ([.transport(.udp)], [.fixChecksum]),
    ([.transport(.udp)], [.counter, .log(prefix: "all "), .verdict(.drop)]),
  ]

  /// Effects for chains of nat purpose at the prerouting hook.
  package static let destinationActions: [(matches: [Match], actions: [Action])] = [
    ([], [.destinationNAT(.address(Sample.address("10.0.0.9")))]),
    ([], [.destinationNAT(.address(Sample.address("fd00::9")))]),
    ([.family(.ipv4)], [.destinationNAT(.map("publish4"))]),
    ([.family(.ipv6)], [.destinationNAT(.map("publish6"))]),
    ([.family(.ipv4)], [.destinationNAT(.map("publish4-any"))]),
    ([.family(.ipv4), .transport(.udp)], [.destinationNAT(.map("publish4-udp-ranges"))]),
  ]

  /// Effects for chains of nat purpose at the postrouting hook.
  package static let sourceActions: [(matches: [Match], actions: [Action])] = {
    let ports = PortRange(20_000, 30_000)
    let one = Sample.range("192.0.2.1")
    let some = Sample.range("192.0.2.1-192.0.2.6")
    let six = Sample.range("fd00::1-fd00::9")
    func snat(
      _ range: AddressRange, _ ports: PortRange?, _ order: SourcePortOrder
    ) -> [Action] {
      [.sourceNAT(SourceNAT(addresses: range, ports: ports, order: order))]
    }
    return [
      ([.family(.ipv4)], [.masquerade(ports: nil, .kernel)]),
      ([.family(.ipv4)], [.masquerade(ports: nil, .fullyRandom)]),
      ([.transport(.tcp)], [.masquerade(ports: ports, .random)]),
      ([], snat(one, nil, .kernel)), ([], snat(some, nil, .random)),
      ([.transport(.udp)], snat(some, ports, .fullyRandom)),
      ([.transport(.udp)], snat(one, ports, .kernel)),
      ([], snat(six, nil, .kernel)), ([.transport(.tcp)], snat(six, ports, .kernel)),
      ([.transport(.tcp)], snat(Sample.range("fd00::1"), ports, .random)),
    ]
  }()

  /// Effects for bridge tables.
  package static let bridgeActions: [(matches: [Match], actions: [Action])] = [
    ([.transport(.udp)], [.remember(.ports(.ipv4, .udp), set: "flows4")]),
    ([.transport(.sctp)], [.remember(.ports(.ipv6, .sctp), set: "flows6")]),
    ([.icmp(.ipv4, type: 8, code: nil)], [.remember(.echo(.ipv4), set: "echoes4")]),
    ([.icmp(.ipv6, type: 128, code: nil)], [.remember(.echo(.ipv6), set: "echoes6")]),
    ([.family(.ipv4)], [.remember(.addresses(.ipv4), set: "others4")]),
    ([.family(.ipv6)], [.remember(.addresses(.ipv6), set: "others6")]),
    ([.family(.ipv4)], [.learnOutputInterface(set: "ports")]),
    ([], [.counter, .verdict(.drop)]),
  ]
}
