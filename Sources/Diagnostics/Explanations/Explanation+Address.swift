extension Explanation {
  static let addresses: [Explanation] = [
    Explanation(
      .addressInvalid, "This address, prefix or range cannot be.",
      """
      An octet is at most 255 and has no leading zero; an IPv4 prefix is at most /32, an IPv6 \
      prefix at most /128; the first address of a range is not above its last.
      """,
      example: """
        language 1
        list office { 10.0.0.300 }
        """),
    Explanation(
      .addressHostBits, "Bits beyond the prefix length are set.",
      """
      `10.0.0.5/24` is the address of a host. The prefix that holds it is `10.0.0.0/24`, and \
      that is what is used.
      """,
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.5/24 internal }
        """),
    Explanation(
      .addressFamily, "IPv4 and IPv6 are mixed where one family is needed.",
      """
      A container's address must be of a family that its network has a subnet in; a host \
      address and the address it is mapped to must be of the same family.
      """,
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24  internal
          container web fd00::2
        }
        """),
    Explanation(
      .addressOutside, "The address is outside the subnet that it must lie in.",
      """
      A container, gateway or pool lies in one of its network's subnets. If the address is in \
      another network's subnet, the note says which.
      """,
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24  internal
          container web 10.0.7.2
        }
        """),
    Explanation(
      .addressSpecial, "A special address is used as a container's.",
      """
      The first and last address of an IPv4 subnet stand for the subnet and for everybody in it; \
      the gateway is the host's own; 0.0.0.0, loopback and multicast addresses belong to no \
      container.
      """,
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24  internal
          container web 10.0.0.255
        }
        """),
    Explanation(
      .addressDuplicate, "Two containers share an address or a MAC.",
      "Rules are made by address, so no rule could tell the two apart. The note shows the other.",
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24  internal
          container web 10.0.0.2
          container db  10.0.0.2
        }
        """),
    Explanation(
      .addressPool, "The pool is outside its subnet, empty or reversed.",
      "A pool is the range that DHCP hands out. It lies within one subnet of its network.",
      example: """
        language 1
        network front { bridge br0 subnet 10.0.0.0/24 internal pool 10.0.1.10-10.0.1.20 }
        """),
    Explanation(
      .addressPoolOverlap, "A container's fixed address lies in the DHCP pool.",
      """
      The DHCP server could give the address to somebody else, who would then have the \
      container's permissions. Move the address or shorten the pool.
      """,
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24  internal  pool 10.0.0.10-10.0.0.20
          container web 10.0.0.15
        }
        """),
    Explanation(
      .addressLinkLocal, "A link-local address is used as a container's.",
      """
      Link-local addresses (169.254.0.0/16, fe80::/10) are valid on one link only and are never \
      routed: no publish and no flow across networks can work with them.
      """,
      example: """
        language 1
        network front {
          bridge br0  subnet 10.0.0.0/24, fe80::/64  internal
          container web fe80::2
        }
        """),
    Explanation(
      .addressDocumentation, "The range is set aside for documentation.",
      """
      192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 and 2001:db8::/32 occur in examples and \
      nowhere else (RFC 5737, RFC 3849). Put your own addresses in.
      """,
      example: """
        language 1
        network front { bridge br0 subnet 192.0.2.0/24 internal }
        """),
    Explanation(
      .addressReservedRange, "The subnet covers a range with a special use.",
      """
      169.254.0.0/16 is link-local and 100.64.0.0/10 belongs to carriers (RFC 6598): routes and \
      addresses of the provider may collide with the network. 127.0.0.0/8 is the host itself \
      and cannot be a subnet.
      """,
      example: """
        language 1
        network front { bridge br0 subnet 100.64.0.0/24 internal }
        """),
  ]
}
