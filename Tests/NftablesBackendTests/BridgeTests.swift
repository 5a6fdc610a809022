import Netfilter
import NetworkTypes
import NftablesBackend
import RulesetTestSupport
import Testing

@Suite("Bridge rules in the kernel")
struct BridgeTests {
  /// A bridge with two ports, each with a machine: `left` and `right` are their shells. `right`
  /// answers to addresses in two prefixes.
  private static let stage = """
    set -e
    machine() {
      unshare -n sleep 100 & eval "$1_id=$!"
      sleep 0.2
      eval "id=\\$$1_id"
      ip link add port-$1 type veth peer name eth0 netns $id
      ip link set port-$1 master br0 up
      nsenter -n -t $id sh -c "
        sysctl -qw net.ipv6.conf.eth0.dad_transmits=0 net.ipv6.conf.eth0.accept_dad=0
        ip link set eth0 up
        $2"
    }
    ip link add br0 type bridge && ip link set br0 up
    machine left "ip addr add fd00::1/16 dev eth0 nodad; ip addr add 10.0.0.1/8 dev eth0"
    machine right "
      for a in fd00:1::2 fd00:1::3 fd00:2::2; do ip addr add \\$a/16 dev eth0 nodad; done
      for a in 10.1.0.2 10.2.0.2; do ip addr add \\$a/8 dev eth0; done"
    trap 'kill $left_id $right_id' EXIT
    nft -f rules
    reach() {
      for a in "$@"; do
        nsenter -n -t $left_id ping -q -c 1 -W 1 $a > /dev/null && echo $a || echo no $a
      done
    }
    """

  private func run(_ rules: [Rule], sets: [NamedSet] = [], _ script: String) throws -> String {
    var table = Table(family: .bridge, name: "bridgeward")
    table.sets = sets
    table.chains = [
      Chain(
        "forward", .base(BaseChain(.filter, .forward, priority: HookPriority.bridgeFilter)),
        rules: rules)
    ]
    let ruleset = Ruleset(tables: [table])
    try #require(verify(ruleset).map(\.description) == [])
    let result = try NamespacedShell(files: ["rules": nftScript(ruleset)])
      .run(Self.stage + "\n" + script)
    #expect(result.errors == "")
    return result.output
  }

  private static let targets = ["fd00:1::/64", "fd00:1::2-fd00:1::9"].map(Sample.range)

  @Test("neighbor targets by prefix and range", arguments: targets)
  func neighborTargets(_ range: AddressRange) throws {
    let solicitation = Match.icmp(.ipv6, type: 135, code: nil)
    let output = try run(
      [Rule([solicitation, .neighborTarget(AddressMatch(.range(range)))], [.verdict(.drop)])],
      "reach fd00:1::2 fd00:2::2")
    #expect(output == "no fd00:1::2\nfd00:2::2\n")
  }

  @Test("neighbor targets that are not in a set")
  func neighborTargetsOutside() throws {
    let solicitation = Match.icmp(.ipv6, type: 135, code: nil)
    let set = NamedSet(
      "own", .addresses(.ipv6, ["fd00:1::3", "fd00:2::/64"].map(Sample.range)))
    let outside = AddressMatch(.set("own", .ipv6), negated: true)
    let output = try run(
      [Rule([solicitation, .neighborTarget(outside)], [.verdict(.drop)])], sets: [set],
      "reach fd00:1::2 fd00:1::3 fd00:2::2")
    #expect(output == "no fd00:1::2\nfd00:1::3\nfd00:2::2\n")
  }

  @Test("ARP by the addresses in it", arguments: [Match.arpSenderAddress, Match.arpTargetAddress])
  func arpAddresses(_ match: @Sendable (AddressMatch) -> Match) throws {
    let denied = AddressMatch(.range(Sample.range("10.1.0.0/16")))
    let output = try run(
      [Rule([.etherType(.arp), match(denied)], [.verdict(.drop)])], "reach 10.1.0.2 10.2.0.2")
    #expect(output == "no 10.1.0.2\n10.2.0.2\n")
  }

  @Test("answers of remembered flows pass, and nothing else does")
  func rememberedFlows() throws {
    let key = FlowKey.echo(.ipv4)
    let left = Match.inputInterface(.equals(Sample.interface("port-left")))
    let sets = [
      NamedSet("echoes", .flows(key, timeout: 60)),
      NamedSet("ports", .learnedInterfaces(timeout: 60)),
    ]
    let request = Match.icmp(.ipv4, type: 8, code: nil)
    let output = try run(
      [
        Rule([.family(.ipv4)], [.learnOutputInterface(set: "ports")]),
        Rule([left, request], [.remember(key, set: "echoes"), .verdict(.accept)]),
        Rule(
          [.icmp(.ipv4, type: 0, code: nil), .remembered(key, set: "echoes", .answering)],
          [.verdict(.accept)]),
        Rule([.family(.ipv4)], [.verdict(.drop)]),
      ], sets: sets,
      """
      reach 10.1.0.2
      nsenter -n -t $right_id ping -q -c 1 -W 1 10.0.0.1 > /dev/null || echo no way back
      nft list set bridge bridgeward ports | grep -o port-[a-z]* | sort
      """)
    #expect(output == "10.1.0.2\nno way back\nport-left\nport-right\n")
  }
}
