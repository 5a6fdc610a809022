import NetworkTypes

/// The names of ICMP and ICMPv6 types, those of nft(8) and the RFCs' own.
enum ICMPTypeNames {
  /// IANA icmp-parameters; codes where the name is of one.
  private static let ipv4: [(String, UInt8, UInt8?)] = [
    ("address-mask-reply", 18, nil), ("address-mask-request", 17, nil),
    ("destination-unreachable", 3, nil), ("echo-reply", 0, nil), ("echo-request", 8, nil),
    ("fragmentation-needed", 3, 4), ("host-unreachable", 3, 1), ("info-reply", 16, nil),
    ("info-request", 15, nil), ("network-unreachable", 3, 0), ("parameter-problem", 12, nil),
    ("port-unreachable", 3, 3), ("redirect", 5, nil), ("router-advertisement", 9, nil),
    ("router-solicitation", 10, nil), ("source-quench", 4, nil), ("time-exceeded", 11, nil),
    ("timestamp-reply", 14, nil), ("timestamp-request", 13, nil),
  ]

  /// IANA icmpv6-parameters.
  private static let ipv6: [(String, UInt8, UInt8?)] = [
    ("destination-unreachable", 1, nil), ("echo-reply", 129, nil), ("echo-request", 128, nil),
    ("ind-neighbor-advert", 142, nil), ("ind-neighbor-solicit", 141, nil),
    ("mld-listener-done", 132, nil), ("mld-listener-query", 130, nil),
    ("mld-listener-reduction", 132, nil), ("mld-listener-report", 131, nil),
    ("mld2-listener-report", 143, nil), ("nd-neighbor-advert", 136, nil),
    ("nd-neighbor-solicit", 135, nil), ("nd-redirect", 137, nil), ("nd-router-advert", 134, nil),
    ("nd-router-solicit", 133, nil), ("neighbor-advertisement", 136, nil),
    ("neighbor-solicitation", 135, nil), ("packet-too-big", 2, nil),
    ("parameter-problem", 4, nil), ("port-unreachable", 1, 4), ("redirect", 137, nil),
    ("router-advertisement", 134, nil), ("router-renumbering", 138, nil),
    ("router-solicitation", 133, nil), ("time-exceeded", 3, nil),
  ]

  static func type(named name: String, _ family: AddressFamily) -> ICMPType? {
    table(family).first { $0.0 == name }.map { ICMPType(type: $0.1, code: $0.2) }
  }

  static func names(_ family: AddressFamily) -> [String] { table(family).map(\.0) }

  private static func table(_ family: AddressFamily) -> [(String, UInt8, UInt8?)] {
    switch family {
    case .ipv4: ipv4
    case .ipv6: ipv6
    }
  }
}
