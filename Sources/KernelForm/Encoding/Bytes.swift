import Netfilter
import NetworkTypes

// Values as the kernel wants them. Host byte order is little-endian on every machine that this
// runs on; the two that are not say so by failing to build.
#if _endian(big)
  #error("values in host byte order are written little-endian here")
#endif

/// The last `count` bytes of `value`, most significant first.
func bigEndian(_ value: some FixedWidthInteger & UnsignedInteger, count: Int) -> [UInt8] {
  (0..<count).map { index in
    UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - index)))
  }
}

/// The four bytes of `value` in host byte order.
func hostOrder(_ value: UInt32) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
}

/// The name, padded with zeros to the sixteen bytes of `IFNAMSIZ` (linux/if.h).
func padded(_ name: InterfaceName) -> [UInt8] {
  let bytes = Array(name.text.utf8)
  return bytes + Array(repeating: 0, count: 16 - bytes.count)
}

extension AddressFamily {
  /// In bytes.
  var byteCount: Int { width / 8 }

  /// NFPROTO_IPV4 or NFPROTO_IPV6 (linux/netfilter.h).
  var number: UInt8 {
    switch self {
    case .ipv4: 2
    case .ipv6: 10
    }
  }

  var etherType: EtherType {
    switch self {
    case .ipv4: .ipv4
    case .ipv6: .ipv6
    }
  }

  /// The bytes of an address of this family.
  func bytes(_ bits: UInt128) -> [UInt8] { bigEndian(bits, count: byteCount) }
}

extension OutputSpan where Element == UInt8 {
  /// Appends the last `count` bytes of `value`, most significant first.
  mutating func append(bigEndian value: UInt32, count: Int) {
    var shift = 8 * UInt32(count - 1)
    while true {
      append(UInt8(truncatingIfNeeded: value >> shift))
      if shift == 0 { return }
      shift -= 8
    }
  }

  @inline(__always)
  mutating func append(bigEndian value: UInt32) {
    append(UInt8(truncatingIfNeeded: value >> 24))
    append(UInt8(truncatingIfNeeded: value >> 16))
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  @inline(__always)
  mutating func append(addressBytes address: IPAddress) {
    switch address {
    case .ipv4(let address): append(bigEndian: address.bits)
    case .ipv6(let address):
      for word in 0..<4 {
        append(bigEndian: UInt32(truncatingIfNeeded: address.bits >> UInt128(96 - 32 * word)))
      }
    }
  }

  mutating func append(zeros count: Int) {
    for _ in 0..<count { append(0 as UInt8) }
  }
}
