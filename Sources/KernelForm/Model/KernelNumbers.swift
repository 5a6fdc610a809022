import Netfilter

/// Flags of `fib` (`enum nft_fib_flags`), and what it may find (linux/rtnetlink.h).
enum FIBFlag {
  static let source: UInt32 = 1
  static let destination: UInt32 = 2
  /// RTN_LOCAL.
  static let localType: UInt32 = 2
}

/// Flags of the TCP header (RFC 9293, 3.1).
enum TCPFlag {
  static let syn: UInt8 = 0x02
  /// FIN, SYN, RST and ACK.
  static let attempt: UInt8 = 0x17
  /// SYN and RST.
  static let handshake: UInt8 = 0x06
}

/// Bits of a connection's status (`enum ip_conntrack_status`).
enum ConntrackStatus {
  /// IPS_DST_NAT.
  static let translated: UInt32 = 0x20
}

/// Flags of rewrites (linux/netfilter/nf_nat.h).
enum NATFlag {
  /// NF_NAT_RANGE_PROTO_SPECIFIED.
  static let ports: UInt32 = 2
  static let random: UInt32 = 4
  static let fullyRandom: UInt32 = 16

  static func order(_ order: SourcePortOrder) -> UInt32 {
    switch order {
    case .kernel: 0
    case .random: random
    case .fullyRandom: fullyRandom
    }
  }
}

/// How packets are refused (`enum nft_reject_types`, `enum nft_reject_inet_code`).
enum RejectNumber {
  static let tcpReset: UInt32 = 1
  /// ICMP or ICMPv6.
  static let either: UInt32 = 2
  static let prohibited: UInt8 = 3
}

/// The option of the TCP header that holds the segment size (RFC 9293, 3.2).
enum SegmentSizeOption {
  /// NFT_EXTHDR_OP_TCPOPT.
  static let operation: UInt32 = 1
  static let type: UInt8 = 2
  static let offset: UInt32 = 2
  static let length: UInt32 = 2
  /// NFT_RT_TCPMSS.
  static let routeKey: UInt32 = 3
}

extension ConnectionState {
  /// The bit of the state (NF_CT_STATE_*).
  var bit: UInt32 {
    switch self {
    case .invalid: 1
    case .established: 2
    case .related: 4
    case .new: 8
    case .untracked: 64
    }
  }
}
