import Host
import NetworkTypes

/// A socket that waits for strangers.
struct ListeningSocket: Hashable, Sendable {
  let transport: TransportProtocol
  let address: IPAddress
  let port: UInt16
  /// Tells the socket from others, as ``ProcessEntry/socketInodes()`` does.
  let inode: UInt64

  /// Whether packets to this address and port come to it.
  func hears(_ address: IPAddress?, _ port: UInt16, _ family: AddressFamily) -> Bool {
    guard port == self.port else { return false }
    // A socket on `::` hears IPv4, too, unless it asks not to, which nothing here tells.
    if self.address.isUnspecified { return self.address.family == family || family == .ipv4 }
    guard self.address.family == family else { return false }
    return address.map { $0 == self.address || $0.isUnspecified } ?? !self.address.isLoopback
  }
}

extension SystemFacts {
  /// The sockets that listen, or are open to any sender.
  var listeningSockets: [ListeningSocket] {
    let files: [(String, TransportProtocol, String)] = [
      // TCP_LISTEN and TCP_CLOSE (net/tcp_states.h): unconnected UDP sockets are in the latter.
      ("proc/net/tcp", .tcp, "0A"), ("proc/net/tcp6", .tcp, "0A"), ("proc/net/udp", .udp, "07"),
      ("proc/net/udp6", .udp, "07"),
    ]
    return files.flatMap { path, transport, state in
      rows(path).dropFirst().compactMap { row in
        guard row.count > 9, row[3] == state, let inode = UInt64(row[9]) else { return nil }
        return Self.socket(row[1], transport, inode: inode)
      }
    }
  }

  /// Reads `0100007F:0035`: words in the byte order of the machine.
  private static func socket(
    _ place: Substring, _ transport: TransportProtocol, inode: UInt64
  ) -> ListeningSocket? {
    let parts = place.split(separator: ":")
    guard parts.count == 2, let port = UInt16(parts[1], radix: 16), port > 0 else { return nil }
    var bits: UInt128 = 0
    var digits = parts[0]
    guard digits.utf8.count == 8 || digits.utf8.count == 32 else { return nil }
    let family: AddressFamily = digits.utf8.count == 8 ? .ipv4 : .ipv6
    while !digits.isEmpty {
      guard let word = UInt32(digits.prefix(8), radix: 16) else { return nil }
      bits = bits << 32 | UInt128(UInt32(bigEndian: word))
      digits = digits.dropFirst(8)
    }
    return ListeningSocket(
      transport: transport, address: IPAddress(family: family, bits: bits), port: port,
      inode: inode)
  }
}
