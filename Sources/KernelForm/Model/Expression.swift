package import Netfilter

/// One instruction of the kernel's packet filter machine.
///
/// Data are as the kernel compares them: what comes from packets big-endian, what comes from the
/// kernel itself (marks, states, `nfproto`) in host byte order. Names and numbers are those of
/// linux/netfilter/nf_tables.h.
package enum Expression: Hashable, Sendable {
  /// Loads a fact about the packet.
  case meta(MetaKey, into: Register)
  /// Sets a fact about the packet.
  case setMeta(MetaKey, from: Register)
  /// Loads bytes of the packet.
  case payload(PayloadBase, offset: UInt32, length: UInt32, into: Register)
  /// Writes bytes of the packet; `checksum` tells how the header's is kept right.
  case setPayload(
    PayloadBase, offset: UInt32, length: UInt32, from: Register, checksum: PayloadChecksum)
  /// Goes on if the register's first bytes compare so with `value`.
  case compare(Register, Comparison, value: [UInt8])
  /// Goes on if the register lies in (or, inverted, outside) the inclusive range.
  case range(Register, inverted: Bool, from: [UInt8], to: [UInt8])
  /// `into = (from & mask) ^ xor`, all of the length of `mask`.
  case bitwise(from: Register, into: Register, mask: [UInt8], xor: [UInt8])
  /// Goes on if the key is in the set; loads the data, or takes the verdict, where it is a map.
  case lookup(set: String, key: Register, data: Register?, inverted: Bool)
  /// Adds or updates the key, if the expressions of the element hold.
  case dynamicSet(SetUpdate, set: String, key: Register, timeout: UInt64, Expressions)
  case immediate(Register, value: [UInt8])
  case verdict(Verdict)
  /// Loads a fact about the connection; `direction` 0 is the original one, 1 that of replies.
  case conntrack(ConntrackKey, direction: UInt8?, into: Register)
  /// Loads what the routing table says.
  case fib(FIBResult, flags: UInt32, into: Register)
  /// Loads a fact about the route; key NFT_RT_TCPMSS is 3.
  case route(key: UInt32, into: Register)
  case nat(NAT)
  /// `flags` are all of NF_NAT_RANGE_*; the registers are the same where there is one port.
  case masquerade(flags: UInt32, firstPort: Register?, lastPort: Register?)
  /// `type` and `code` as NFT_REJECT_*.
  case reject(type: UInt32, code: UInt8)
  /// `unit` in seconds.
  case limit(rate: UInt64, unit: UInt64, burst: UInt32, type: UInt32, flags: UInt32)
  /// Flag 1 inverts: goes on while there are more than `count` connections.
  case connectionLimit(count: UInt32, flags: UInt32)
  /// `level` 4 is the kernel's default.
  case log(prefix: String, level: UInt32)
  case counter(packets: UInt64, bytes: UInt64)
  /// Loads an option of the TCP header, or another extension header.
  case extensionHeader(
    operation: UInt32, type: UInt8, offset: UInt32, length: UInt32, flags: UInt32, into: Register)
  /// Writes an option of the TCP header.
  case setExtensionHeader(
    operation: UInt32, type: UInt8, offset: UInt32, length: UInt32, from: Register)
  /// `operation` 0 is network to host order, 1 host to network.
  case byteOrder(
    from: Register, into: Register, operation: UInt32, length: UInt32, size: UInt32)
  /// Something that no rule of ours has.
  case other(name: String)
}

/// A list of expressions inside an expression.
package struct Expressions: Hashable, Sendable {
  package let list: [Expression]

  package init(_ list: [Expression]) { self.list = list }
}

/// A register: 0 for the verdict, 1 to 4 of sixteen bytes each, 8 to 23 of four bytes each over
/// the same room.
package struct Register: Hashable, Sendable {
  package let number: UInt32

  package init(_ number: UInt32) { self.number = number }

  package static let verdict = Register(0)
  package static let first = Register(1)

  /// The register that begins `slot` times four bytes after the first: the form that the kernel
  /// gives back.
  package init(slot: Int) {
    number = UInt32(slot % 4 == 0 ? 1 + slot / 4 : 8 + slot)
  }

  /// How many times four bytes after the first it begins; `nil` for the verdict and for numbers
  /// that no register has.
  package var slot: Int? {
    switch number {
    case 1...4: Int(number - 1) * 4
    case 8...23: Int(number - 8)
    default: nil
    }
  }
}

/// Facts about a packet (`enum nft_meta_keys`).
package enum MetaKey: UInt32, CaseIterable, Hashable, Sendable {
  case length = 0
  case etherType = 1
  case priority = 2
  case mark = 3
  case inputIndex = 4
  case outputIndex = 5
  case inputName = 6
  case outputName = 7
  /// The hardware type of the input interface (ARPHRD_ETHER is 1).
  case inputType = 8
  case family = 15
  case transport = 16
  case inputBridge = 17
  case outputBridge = 18
  case packetType = 19
}

/// Where offsets into a packet count from (`enum nft_payload_bases`).
package enum PayloadBase: UInt32, CaseIterable, Hashable, Sendable {
  case linkLayer = 0
  case network = 1
  case transport = 2
}

/// How a checksum is kept right when a packet is written to.
package struct PayloadChecksum: Hashable, Sendable {
  /// NFT_PAYLOAD_CSUM_*: 0 none, 1 internet.
  package let type: UInt32
  package let offset: UInt32
  /// NFT_PAYLOAD_L4CSUM_PSEUDOHDR is 1.
  package let flags: UInt32

  package init(type: UInt32, offset: UInt32, flags: UInt32) {
    self.type = type
    self.offset = offset
    self.flags = flags
  }
}

/// How two values are compared (`enum nft_cmp_ops`).
package enum Comparison: UInt32, CaseIterable, Hashable, Sendable {
  case equal = 0
  case notEqual = 1
  case less = 2
  case lessOrEqual = 3
  case greater = 4
  case greaterOrEqual = 5
}

/// What is done with a set's element (`enum nft_dynset_ops`).
package enum SetUpdate: UInt32, CaseIterable, Hashable, Sendable {
  case add = 0
  case update = 1
  case delete = 2
}

/// Facts about a connection (`enum nft_ct_keys`).
package enum ConntrackKey: UInt32, CaseIterable, Hashable, Sendable {
  case state = 0
  case direction = 1
  case status = 2
  case mark = 3
  case sourceAddress4 = 19
  case destinationAddress4 = 20
  case sourceAddress6 = 21
  case destinationAddress6 = 22
}

/// What is asked of the routing table (`enum nft_fib_result`).
package enum FIBResult: UInt32, CaseIterable, Hashable, Sendable {
  case outputIndex = 1
  case outputName = 2
  case addressType = 3
}

/// A rewrite of addresses; registers hold addresses and ports.
///
/// Where there is one address or one port, its register is both the first and the last: so the
/// kernel gives it back.
package struct NAT: Hashable, Sendable {
  /// `enum nft_nat_types`.
  package enum Side: UInt32, CaseIterable, Hashable, Sendable {
    case source = 0
    case destination = 1
  }

  package let side: Side
  /// NFPROTO_IPV4 2, NFPROTO_IPV6 10.
  package let family: UInt32
  package let firstAddress: Register?
  package let lastAddress: Register?
  package let firstPort: Register?
  package let lastPort: Register?
  /// NF_NAT_RANGE_* beyond those that the registers imply: 4 random, 8 persistent, 16 fully random.
  package let flags: UInt32

  package init(
    _ side: Side, family: UInt32, firstAddress: Register?, lastAddress: Register? = nil,
    firstPort: Register? = nil, lastPort: Register? = nil, flags: UInt32 = 0
  ) {
    self.side = side
    self.family = family
    self.firstAddress = firstAddress
    self.lastAddress = lastAddress
    self.firstPort = firstPort
    self.lastPort = lastPort
    self.flags = flags
  }
}
