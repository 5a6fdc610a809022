extension Explanation {
  static let ports: [Explanation] = [
    Explanation(
      .portRange, "The port or range of ports cannot be.",
      "Ports are 1 to 65535, and the first of a range is not above its last.",
      example: """
        language 1
        allow world -> host tcp 70000
        """),
    Explanation(
      .portCount, "Ranges of different lengths are mapped onto each other.",
      "A range is mapped port for port, so both sides hold the same number of ports.",
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24  masquerade
          container web 10.0.0.2
          publish tcp 8000-8010 -> web:80-85
        }
        """),
    Explanation(
      .portProtocol, "Ports are given with a protocol that has none.",
      "TCP, UDP, SCTP, DCCP and UDP-Lite have ports; ICMP has types; the others have neither.",
      example: """
        language 1
        allow world -> host esp 500
        """),
    Explanation(
      .portService, "A declared service already names these ports.",
      "Use its name, and the line says what it is for.",
      example: """
        language 1
        service ssh = tcp 22
        allow 192.0.2.1 -> host ssh
        allow 192.0.2.2 -> host tcp 22
        """),
  ]

  static let publishes: [Explanation] = [
    Explanation(
      .publishConflict, "Two publishes claim the same host address, port and protocol.",
      """
      A connection goes to one target. Publish one of them on another port, or on an address of \
      its own. In a routed family the port is the container's own, so only a second publish of \
      the same container's port is one too many.
      """,
      example: publishing("publish tcp 80 -> web", "publish tcp 80 -> db")),
    Explanation(
      .publishWildcardOverlap,
      "A publish on every address covers another publish on one of them.",
      """
      Both claim the specific address. Give the general one an address too, or another port: \
      which of the two wins must be visible in the policy, not follow from the order of rules. \
      Where both lead to the same container this is a warning: the specific one decides for its \
      address, the general one for all others.
      """,
      example: publishing("publish tcp 80 -> web", "publish tcp 192.0.2.1:80 -> db")),
    Explanation(
      .publishEphemeral, "The port is in the range that the host's own clients use.",
      """
      Linux takes source ports from 32768-60999 (`ip_local_port_range`). While the host has a \
      connection from that port, packets for the two can be mixed up.
      """,
      example: publishing("publish tcp 40000 -> web:80")),
    Explanation(
      .publishPrivilegedDuplicate, "The publish hides a port of the host that a line opens.",
      """
      The port is mapped to a container before the host's own service is looked for. Only the \
      container can be reached there, by those whom the publish admits; a service that a network \
      is served is hidden from its members in the same way. Publish on one host address, and the \
      others keep the service.
      """,
      example: publishing("publish tcp 22 -> web", outside: "allow 192.0.2.7 -> host tcp 22")),
    Explanation(
      .publishUnreachable, "Nobody could reach this publish.",
      """
      The network is `internal`, or the target has no address of the family that is published. \
      Take the line out, or the obstacle.
      """,
      example: """
        language 1
        network back {
          bridge br0  subnet 10.0.0.0/24  internal
          container db 10.0.0.2
          publish tcp 5432 -> db
        }
        """),
    Explanation(
      .publishLoopback, "The publish is on a loopback address.",
      """
      On 127.0.0.0/8 it is for the host's own processes alone, and the kernel must be told to \
      route such packets to the bridge (`route_localnet`). It cannot do the like for `::1`: a \
      publish there is an error.
      """,
      example: publishing("publish tcp 127.0.0.1:8080 -> web:80")),
    Explanation(
      .publishAddress, "Nothing can be published on this host address.",
      """
      The address lies in a container network, or is none that the host can have (multicast, \
      broadcast, unspecified).
      """,
      example: publishing("publish tcp 10.0.0.9:80 -> web")),
    Explanation(
      .publishRouted, "A publish on a routed network has another port inside.",
      """
      Where addresses are not translated, a publish opens the container's own port and clients \
      dial the container's own address: there is nothing to map the port, or a host address. \
      Publish the inside port, or on an address of the family that is translated.
      """,
      example: """
        language 1
        network front {
          bridge br0  subnet 2001:db8:1::/64
          container web 2001:db8:1::2
          publish tcp 8080 -> web:80
        }
        """),
    Explanation(
      .publishFamilyGap, "The container has two families and the publish covers one.",
      """
      Clients of the other family cannot reach it. Publish on the other family's addresses too, \
      or name no address to cover both. Only ports below 1024 are judged, where the name that \
      clients look up has addresses of both families.
      """,
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24, fd00::/64  masquerade
          container web 10.0.0.2, fd00::2
          publish tcp 0.0.0.0:80 -> web
        }
        """),
    Explanation(
      .publishWorld, "A database's port is published for everybody.",
      """
      Ports such as 3306, 5432, 6379, 9200, 2375 and 27017 are found by scanners within minutes. \
      Say who may use it: `from office`.
      """,
      example: publishing("publish tcp 5432 -> db")),
    Explanation(
      .publishOpen, "The publish is on every address and has no `from`.",
      """
      Anybody who can reach any address of the host can use it. If that is meant, say so with \
      `from any`; else name the address, the interface (`via`) or the clients.
      """,
      example: publishing("publish tcp 80 -> web")),
    Explanation(
      .publishSize, "The range is so large that it becomes a range map.",
      """
      Up to some thousand ports, each gets an entry of its own. A larger range is one entry that \
      is looked up by range; it works the same.
      """,
      example: publishing("publish udp 10000-20000 -> web")),
    Explanation(
      .publishNoContainer, "A network without containers publishes.",
      "A publish needs a target. Declare it: `container web 10.0.0.2`.",
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24  masquerade
          publish tcp 80 -> web
        }
        """),
    Explanation(
      .publishAuto, "The port that `auto` takes.",
      """
      The port is 49153-65535 and follows from the line's own content, so that editing one line \
      moves no other. It stays the same on every host and in every release.
      """,
      example: publishing("publish tcp auto -> web:80")),
  ]

  /// A policy with one translated network, some lines in it and one beside it.
  private static func publishing(_ lines: String..., outside: String? = nil) -> String {
    let inside = lines.map { "  \($0)\n" }.joined()
    return """
      language 1
      network front {
        bridge br0
        subnet 10.0.0.0/24
        masquerade
        container web 10.0.0.2
        container db  10.0.0.3
      \(inside)}
      """ + (outside.map { "\n\($0)" } ?? "")
  }
}
