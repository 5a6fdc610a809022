import Foundation
import NetworkTypes

/// What the C library makes of address text: the judge of our own reading and printing.
enum SystemAddress {
  /// The value of strict dotted-quad text; `nil` where the C library refuses it.
  static func parseIPv4(_ text: String) -> UInt32? {
    var storage = in_addr()
    guard unsafe inet_pton(AF_INET, text, &storage) == 1 else { return nil }
    return UInt32(bigEndian: storage.s_addr)
  }

  /// The value of IPv6 text; `nil` where the C library refuses it.
  static func parseIPv6(_ text: String) -> UInt128? {
    var storage = in6_addr()
    guard unsafe inet_pton(AF_INET6, text, &storage) == 1 else { return nil }
    return unsafe withUnsafeBytes(of: &storage) { unsafe $0.reduce(0) { $0 << 8 | UInt128($1) } }
  }

  /// The C library's text of an IPv6 address.
  static func printIPv6(_ bits: UInt128) -> String {
    var storage = in6_addr()
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      for index in 0..<16 {
        unsafe bytes[index] = UInt8(truncatingIfNeeded: bits >> UInt128(120 - 8 * index))
      }
    }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    _ = unsafe inet_ntop(AF_INET6, &storage, &text, socklen_t(INET6_ADDRSTRLEN))
    return String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
