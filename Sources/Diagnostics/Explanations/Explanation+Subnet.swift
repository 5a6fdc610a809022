extension Explanation {
  static let subnets: [Explanation] = [
    Explanation(
      .subnetOverlap, "Two networks overlap.",
      """
      An address would belong to both, and the host could route it to one only. Give each \
      network a range of its own.
      """,
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.0/16 internal }
        network back  { bridge br1 subnet 10.0.4.0/24 internal }
        """),
    Explanation(
      .subnetUplink, "The subnet overlaps addresses that are meant to lie outside.",
      """
      A `snat` or a `masquerade` names an address that lies in a container network, not on an \
      uplink; or a list that lets clients in is wider than the subnet, and lets its containers in \
      as well.
      """,
      example: """
        language 1
        list office { 10.0.0.0/8 }
        network front { bridge br0 subnet 10.0.0.0/24 masquerade container web 10.0.0.2 }
        allow office -> web tcp 80
        """),
    Explanation(
      .subnetSmall, "The subnet is too small for what the network does with it.",
      """
      A /32 has no room for a gateway and containers; a /31 has room for one container, if it \
      is named. Router advertisements (`serve ra`) need a /64, or hosts cannot make addresses of \
      their own (RFC 4862).
      """,
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.0/31 internal }
        """),
    Explanation(
      .subnetMissing, "The network needs a subnet and has none.",
      "Every rule about a network is made by interface and prefix. Add `subnet PREFIX`.",
      example: """
        language 1
        network front { bridge br0 internal }
        """),
    Explanation(
      .subnetPrivate, "A private subnet has neither `masquerade` nor `internal`.",
      """
      Containers may talk to the world, but answers to private addresses (RFC 1918, RFC 4193) \
      find no way back unless somebody routes them here. Say `masquerade` to let packets leave \
      with the host's address, or `internal` if there is to be no way out. Where somebody does \
      route them, `direct access off` (or `on`) says that it is known.
      """,
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.0/24 }
        """),
  ]

  static let interfaces: [Explanation] = [
    Explanation(
      .interfaceLength, "The interface name is longer than 15 bytes.",
      "The kernel's limit is `IFNAMSIZ` - 1 = 15 bytes: no interface can have this name.",
      example: """
        language 1
        network front { bridge br-production-frontend subnet 10.0.0.0/24 internal }
        """),
    Explanation(
      .interfaceCharacters, "The interface name holds characters that the kernel refuses.",
      """
      `/`, `:` and white space are refused (`dev_valid_name`), as are the names `.` and `..`; a \
      leading `-` is read as an option by tools.
      """,
      example: """
        language 1
        network front { bridge "br/0" subnet 10.0.0.0/24 internal }
        """),
    Explanation(
      .interfaceDuplicate, "One interface has two roles.",
      """
      A bridge belongs to one network; an uplink is no network's port. The note shows the other \
      place.
      """,
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.0/24 internal }
        network back  { bridge br0 subnet 10.0.1.0/24 internal }
        """),
    Explanation(
      .interfaceNested, "The parent of a macvlan or ipvlan is part of another network.",
      """
      Guests would bypass that network's rules: their frames leave through the parent before \
      the host's IP rules see them.
      """,
      example: """
        language 1
        network front { bridge br0 ports eth1 subnet 10.0.0.0/24 internal }
        network back  { macvlan eth1 mode bridge }
        """),
  ]

  static let settings: [Explanation] = [
    Explanation(
      .attachmentMissing, "The network hangs on nothing.",
      """
      Say where its packets are seen: `bridge IF`, `interface IF`, `openvswitch IF`, \
      `macvlan PARENT mode M` or `ipvlan PARENT mode M`.
      """,
      example: """
        language 1
        network front { subnet 10.0.0.0/24 internal }
        """),
    Explanation(
      .settingDuplicate, "A setting stands twice in one network.",
      "Order never matters, so neither line could win. Keep one.",
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.0/24 internal icc on icc off }
        """),
    Explanation(
      .natTwice, "Two source rewrites claim the same packets.",
      """
      A packet leaves with one source. Two `masquerade` lines of a family must differ in `via`, \
      and a container has one `snat` in each family.
      """,
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.0/24 masquerade masquerade ipv4 }
        """),
    Explanation(
      .natIpv6Global, "Global IPv6 addresses are masqueraded.",
      """
      Global addresses are reachable without translation, and hiding them costs every inbound \
      connection. Leave `masquerade` out for IPv6 (`masquerade ipv4`), or use a ULA subnet.
      """,
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.0/24, 2600:1234::/64 masquerade }
        """),
    Explanation(
      .serveNoAddress, "A service is offered on a network without the address that it needs.",
      """
      `serve` opens services on the host's own addresses in the network. Router advertisements \
      need an IPv6 subnet, the others a gateway address.
      """,
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.0/24 internal serve ra }
        """),
    Explanation(
      .antispoofNoMac, "`antispoof on`, and a container has no `mac`.",
      """
      Its source address is checked, but not the hardware address that it is sent from: another \
      container of the network can still pose as it. Add `mac 02:…` to the container.
      """,
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24  internal  antispoof on
          container web 10.0.0.2
        }
        """),
    Explanation(
      .limitUnit, "The unit of the limit is not known.",
      "Units are `second`, `minute`, `hour` and `day`.",
      example: """
        language 1
        allow world -> host tcp 22 limit 10/fortnight
        """),
    Explanation(
      .limitZero, "The limit is zero, or beyond what the kernel counts.",
      """
      A limit of zero would never match; leave the line out instead. iptables counts in steps \
      of 0.1 ms, so 10000/second is the most that every backend can say.
      """,
      example: """
        language 1
        allow world -> host tcp 22 limit 0/second
        """),
    Explanation(
      .logPrefix, "The log prefix is too long or holds control characters.",
      "The kernel keeps 127 bytes (`NF_LOG_PREFIXLEN` - 1); iptables keeps 29.",
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.0/24 masquerade }
        deny front -> 169.254.169.254 log "bad\tprefix"
        """),
    Explanation(
      .hostUnknown, "The `on` part is never selected.",
      """
      `--host NAME` was given and no `on` part names it. The parts that name other hosts are \
      left out.
      """),
  ]
}
