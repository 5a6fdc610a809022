import Diagnostics
import NetworkTypes
import PolicyModel
import Testing

/// What a policy means, where the meaning does not show in a finding.
struct ResolutionTests {
  @Test func gatewaysAreTheFirstUsableAddresses() throws {
    let policy = try #require(
      Checked(
        """
        network a { bridge br-a subnet 172.18.0.0/16, fd00:18::/64 internal gateway 172.18.0.9 }
        network b { interface tap0 subnet 172.19.0.0/31 internal }
        network c { interface tap1 internal vm one 172.20.0.5, fd00:20::5 }
        network d { macvlan eth0 mode vepa subnet 192.168.77.0/24 }
        """
      ).policy)
    let gateways = policy.networks.map { $0.gateways.map(\.description) }
    #expect(gateways == [["172.18.0.9", "fd00:18::1"], ["172.19.0.0"], [], []])
    let subnets = policy.networks[2].subnets.map(\.value.description)
    #expect(subnets == ["172.20.0.5/32", "fd00:20::5/128"])
  }

  @Test func masqueradesAreOneForEachFamily() throws {
    let policy = try #require(
      Checked(
        """
        network a { bridge br-a subnet 172.18.0.0/16, fd00:18::/64 masquerade }
        network b {
          bridge br-b
          subnet 172.19.0.0/16, fd00:19::/64
          masquerade as 198.18.0.1-198.18.0.4 ports 1024-2047 fully-random via eth1
        }
        """
      ).policy)
    #expect(policy.networks[0].masquerades.map(\.family) == [.ipv4, .ipv6])
    let special = try #require(policy.networks[1].masquerades.first)
    #expect(policy.networks[1].masquerades.count == 1)
    #expect(special.address?.description == "198.18.0.1-198.18.0.4")
    #expect(special.ports == PortRange(1024, 2047))
    #expect(special.randomness == .fullyRandom)
    #expect(special.via?.text == "eth1")
  }

  @Test func publishesHaveTheFamiliesOfLineAndTarget() throws {
    let checked = Checked(
      """
      network a {
        bridge br-a
        subnet 172.18.0.0/16, fd00:18::/64
        masquerade
        container both 172.18.0.10, fd00:18::10
        container four 172.18.0.11
        publish tcp 8001 -> both from any
        publish tcp 8002 -> four from any
        publish tcp 0.0.0.0:8003 -> both from any
        publish tcp [::]:8004 -> both from any
        publish tcp 198.18.0.5:8005 -> both
      }
      """)
    let publishes = try #require(checked.policy).publishes
    #expect(
      publishes.map(\.families) == [[.ipv4, .ipv6], [.ipv4], [.ipv4], [.ipv6], [.ipv4]])
    #expect(publishes.map { $0.hostAddress?.description } == [nil, nil, nil, nil, "198.18.0.5"])
  }

  @Test func portListsMapInOrder() throws {
    let checked = Checked(
      """
      network a {
        bridge br-a
        subnet 172.18.0.0/16
        masquerade
        container web 172.18.0.10
        publish tcp/udp 7000, 7100-7102 -> web:90-93 from any
      }
      """)
    let publishes = try #require(checked.policy).publishes
    #expect(publishes.map(\.transport) == [.tcp, .tcp, .udp, .udp])
    #expect(publishes.map(\.hostPorts.description) == ["7000", "7100-7102", "7000", "7100-7102"])
    #expect(publishes.map(\.targetPort) == [90, 91, 90, 91])
    #expect(Set(publishes.map(\.span)).count == 1)
  }

  @Test func matchesAreCanonical() throws {
    let checked = Checked(
      """
      service web = tcp 443, 80
      allow 192.168.77.1 -> host udp 53, tcp 81-90, 85-95, 96, web, icmp echo-reply, echo-request
      allow 192.168.77.2 -> host tcp 80, tcp, protocol 47, icmpv6 packet-too-big
      """)
    let access = try #require(checked.policy).access
    #expect(
      access[0].services == [
        .ports(.tcp, [PortRange(80, 96), PortRange(443)]), .ports(.udp, [PortRange(53)]),
        .icmp(.ipv4, ICMPType(type: 0)), .icmp(.ipv4, ICMPType(type: 8)),
      ])
    #expect(
      access[1].services == [
        .transport(.tcp), .transport(.gre), .icmp(.ipv6, ICMPType(type: 2)),
      ])
  }

  @Test func exceptionsCutTheSideThatHoldsThem() throws {
    let checked = Checked(
      """
      network a { bridge br-a subnet 172.18.0.0/16 masquerade container web 172.18.0.10 }
      deny a -> 192.168.77.0/24 except 192.168.77.5
      deny a -> 192.168.78.0/24 except web
      deny any -> a from 192.168.79.0/24 except 192.168.79.5
      """)
    let access = try #require(checked.policy).access
    #expect(access.map(\.destinationExceptions.count) == [1, 0, 0])
    #expect(access.map(\.sourceExceptions.count) == [0, 1, 1])
    #expect(access[1].sourceExceptions == [.guest(network: 0, guest: 0)])
  }

  @Test func fromNarrowsTheSources() throws {
    let checked = Checked(
      """
      list office { 172.18.0.0/24, 192.168.77.0/24 }
      network a {
        bridge br-a  subnet 172.18.0.0/16  masquerade
        container web  172.18.0.10
        container far  172.18.9.10
      }
      allow world -> host tcp 1 from office
      allow any -> host tcp 2 from a
      allow a -> host tcp 3 from far
      allow web -> host tcp 4 from office
      """)
    let sources = try #require(checked.policy).access.map(\.sources)
    let outside = AddressSet(
      [try #require(AddressPrefix("192.168.77.0/24"))].map { AddressRange($0) })
    #expect(sources[0] == [.addresses(outside)])
    #expect(sources[1] == [.network(0)])
    #expect(sources[2] == [.guest(network: 0, guest: 1)])
    #expect(sources[3] == [.guest(network: 0, guest: 0)])
  }

  @Test func namesMeanTheNearestGuest() throws {
    let checked = Checked(
      """
      network a { bridge br-a subnet 172.18.0.0/16 internal container web 172.18.0.10 icc off
        container db 172.18.0.11  allow web -> db tcp 1 }
      network b { bridge br-b subnet 172.19.0.0/16 internal container web 172.19.0.10 icc off
        container cache 172.19.0.11  allow web -> cache tcp 2 }
      """)
    let access = try #require(checked.policy).access
    #expect(
      access.map(\.sources) == [[.guest(network: 0, guest: 0)], [.guest(network: 1, guest: 0)]])
  }

  @Test func partsAreForTheirHosts() throws {
    let text = """
      on alpha, beta { allow 192.168.77.1 -> host tcp 1 }
      on gamma { allow 192.168.77.1 -> host tcp 2 }
      allow 192.168.77.1 -> host tcp 3
      """
    for (host, ports) in [("alpha", [1, 3]), ("gamma", [2, 3]), (nil, [3])] as [(String?, [UInt16])]
    {
      let access = try #require(Checked(text, host: host).policy).access
      #expect(access.map(\.services) == ports.map { [.ports(.tcp, [PortRange($0)])] })
    }
  }

  @Test func anErrorMeansNoPolicy() {
    #expect(Checked("allow nobody -> host").policy == nil)
    #expect(Checked("allow 192.168.77.1 -> host ,").policy == nil)
    #expect(Checked("list unused { 192.168.77.1 }").policy != nil)
  }

  @Test func veryLargeListsAreNoted() {
    let entries = (0..<65536).map { "10.\($0 >> 8).\($0 & 255).1" }.joined(separator: ", ")
    let checked = Checked("list large { \(entries) }\nallow large -> host tcp 22")
    #expect(checked.ids == ["list-size"])
  }

  @Test func findingsAlikeAreCounted() {
    let lines = (1...80).map { "  publish tcp \($0) -> web" }.joined(separator: "\n")
    let checked = Checked(
      "network a {\n bridge br-a subnet 172.18.0.0/16 masquerade container web 172.18.0.10\n\(lines)\n}"
    )
    let open = checked.findings.filter { $0.id == .publishOpen }
    #expect(open.count == 51)
    #expect(open.last?.message == "the same goes for 30 more lines from here on")
  }
}
