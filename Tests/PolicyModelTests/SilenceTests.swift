import Diagnostics
import Testing

/// Policies that are fine as they are, near to ones that are not.
struct SilenceTests {
  @Test(arguments: policies)
  func goodPoliciesGetNoFinding(_ text: String) {
    #expect(Checked(Self.networks + text).findings.map(\.message) == [])
  }

  private static let networks = """
    language 1
    uplink eth0
    network front {
      bridge br-front
      subnet 172.18.0.0/16
      masquerade
      container web   172.18.0.10
      container cache 172.18.0.11
    }
    network back {
      bridge br-back
      subnet 172.19.0.0/16
      internal
      icc off
      container db    172.19.0.20
      container redis 172.19.0.21
      allow db -> redis tcp 6379
    }

    """

  static let policies = [
    "",
    // An exception keeps two defaults apart.
    "default deny front -> any except host\ndefault allow front -> host",
    // With a default for the members, their `allow` lines count.
    "default deny front -> front\nallow web -> cache tcp 80",
    // A denial beats allowed and published ports, which a default does not.
    "default deny world -> host\nallow any -> host tcp 22\ndeny 192.168.77.1 -> host",
    "publish tcp 80 -> web from any\ndefault deny world -> web\ndeny 192.168.77.1 -> web",
    // A limit or a log makes a line say more than a wider one.
    "deny front -> 192.168.77.0/24\ndeny web -> 192.168.77.0/24 log \"web \"",
    "allow web -> db tcp 5432 limit 10/second\nallow front -> db tcp 80",
    // Part of the ports, part of the peers, part of the protocols.
    "deny front -> db tcp 1-1000\nallow web -> db tcp 1000-1001",
    "deny web -> db\nallow web, cache -> db tcp 5432",
    "deny front -> db icmp echo-request\nallow web -> db icmp",
    "deny front -> back except db\nallow web -> db tcp 5432",
    // Both directions, each with a port of its own, or both with all.
    "allow web -> db tcp 5432\nallow db -> web tcp 80",
    "allow web -> db\nallow db -> web",
    // A flow within a network, and a network with itself.
    "deny web -> cache tcp 22\ndeny front -> front udp",
    // A list within a subnet names some of its containers.
    "list some { 172.18.0.10-172.18.0.11 }\nallow some -> host tcp 22",
    // Lists in lists, services and ICMP types beside each other.
    """
    list a { 192.168.77.0/24, b }
    list b { 192.168.78.1-192.168.78.9, fd00:78::/64 }
    service ping = icmp echo-request, icmpv6 echo-request
    service web-ports = tcp 80, 443, udp 443
    allow a -> host ping, tcp 22
    allow web -> 192.168.79.1 web-ports
    """,
    // Ranges side by side, and the same port in another protocol or on another address.
    "publish tcp 8000-8099 -> web from any\npublish tcp 8100-8199 -> cache from any",
    "publish tcp/udp 53 -> web from any\npublish sctp 53 -> cache from any",
    "publish tcp 198.18.0.5:80 -> web\npublish tcp 198.18.0.6:80 -> cache",
    "publish tcp 81, 82 -> web:8081-8082 from any",
    // A name of two networks is clear with its network, and inside its network.
    """
    network side {
      bridge br-side
      subnet 172.20.0.0/16
      masquerade
      container web 172.20.0.10
      publish tcp 8080 -> web:80 from any
    }
    allow side.web -> front.web tcp 80
    """,
    // Networks that the host does not see, and links.
    "network lan { macvlan eth0 mode bridge subnet 192.168.77.0/24 container a 192.168.77.5 }",
    "network far { ipvlan eth0 mode l3 container a 192.168.77.5 }",
    "network link { interface tap0 internal vm a 172.21.0.2 antispoof on }\nallow web -> a tcp 80",
    // A bridge that is part of the LAN.
    "network lan { bridge br-lan ports eth1 subnet 192.168.77.0/24 container a 192.168.77.5 }",
    // Names that clash with words, in quotes, and with a dot.
    "list \"log\" { 192.168.77.1 }\nallow \"log\" -> host tcp 22",
    "network odd { bridge br-odd subnet 172.21.0.0/16 internal vm \"a.b\" 172.21.0.2 }\n"
      + "allow odd.a.b -> db tcp 5432\nallow \"a.b\" -> redis tcp 6379",
  ]
}
