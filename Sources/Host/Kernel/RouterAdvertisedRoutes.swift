/// The IPv6 routes that router advertisements brought.
package enum RouterAdvertisedRoutes {
  /// The interfaces that such a default route leaves by; sorted, each once. None without IPv6.
  ///
  /// - Parameter path: The kernel's table: destination, its length, source, its length, next hop,
  ///   metric, uses, flags, interface, all numbers in hexadecimal (net/ipv6/route.c).
  package static func interfaces(
    path: String = "/proc/thread-self/net/ipv6_route"
  ) throws(HostError) -> [String] {
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try FileStore().read(path).bytes
    } catch  where error.code == .notFound {
      return []
    }
    var names: Set<String> = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: " ")).map {
        String(decoding: $0, as: UTF8.self)
      }
      guard fields.count == 10, fields[1] == "00", let flags = UInt32(fields[8], radix: 16),
        flags & advertised == advertised
      else { continue }
      names.insert(fields[9])
    }
    return names.sorted()
  }

  /// `RTF_DEFAULT` and `RTF_ADDRCONF` of linux/ipv6_route.h.
  private static let advertised: UInt32 = 0x0005_0000
}
