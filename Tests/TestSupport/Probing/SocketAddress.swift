import Glibc
import NetworkTypes

/// An address and port as the socket calls take them.
struct SocketAddress {
  let address: IPAddress
  let port: UInt16

  init(_ address: IPAddress, _ port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Any address of the family.
  init(any family: AddressFamily, _ port: UInt16) {
    address = IPAddress(family: family, bits: 0)
    self.port = port
  }

  /// Reads `sockaddr_in` or `sockaddr_in6`.
  init?(bytes: [UInt8]) {
    guard bytes.count >= 8 else { return nil }
    let family = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: sa_family_t.self) }
    let port = bytes[2...].big16(0)
    switch Int32(family) {
    case AF_INET:
      guard let address = IPAddress(bytes: bytes[4..<8]) else { return nil }
      self.address = address
    case AF_INET6 where bytes.count >= 24:
      guard let address = IPAddress(bytes: bytes[8..<24]) else { return nil }
      self.address = address
    default: return nil
    }
    self.port = port
  }

  /// `sockaddr_in` or `sockaddr_in6` (ip(7), ipv6(7)).
  var bytes: [UInt8] {
    let family = sa_family_t(address.family.socketFamily)
    var bytes = unsafe withUnsafeBytes(of: family) { unsafe Array($0) }
    bytes.append(big: port)
    switch address.family {
    case .ipv4: return bytes + address.bytes + [UInt8](repeating: 0, count: 8)
    case .ipv6: return bytes + [0, 0, 0, 0] + address.bytes + [0, 0, 0, 0]
    }
  }
}

extension AddressFamily {
  var socketFamily: Int32 { self == .ipv4 ? AF_INET : AF_INET6 }
}
