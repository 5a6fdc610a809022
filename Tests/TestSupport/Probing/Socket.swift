import CLinux
import Glibc
import NetworkTypes

/// A socket that never blocks, in the namespace of the thread that made it.
struct Socket {
  private let descriptor: Descriptor

  var number: Int32 { descriptor.number }

  private init(_ family: Int32, _ kind: __socket_type, _ transport: Int32) throws(SystemCallError) {
    let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    descriptor = try Descriptor(socket(family, Int32(kind.rawValue) | flags, transport), "socket")
  }

  private init(_ descriptor: Descriptor) { self.descriptor = descriptor }

  /// A stream or datagram socket that shares its port with others of this process.
  init(_ kind: __socket_type, _ local: SocketAddress) throws(SystemCallError) {
    try self.init(local.address.family.socketFamily, kind, 0)
    try set(SOL_SOCKET, SO_REUSEADDR, 1)
    try set(SOL_SOCKET, SO_REUSEPORT, 1)
    if local.address.family == .ipv6 { try set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
    try unsafe call("bind", local.bytes, bind)
  }

  /// A socket that hears and sends all packets of a protocol.
  init(raw transport: TransportProtocol, _ family: AddressFamily) throws(SystemCallError) {
    try self.init(family.socketFamily, SOCK_RAW, Int32(transport.number))
    try set(SOL_SOCKET, SO_RCVBUF, 1 << 20)
  }

  /// A socket for whole frames that hears those of `type` (an EtherType, or 0 for none).
  init(frames type: UInt16, on interface: String) throws(SystemCallError) {
    try self.init(AF_PACKET, SOCK_RAW, 0)
    let index = unsafe if_nametoindex(interface)
    guard index != 0 else { throw SystemCallError("if_nametoindex \(interface)") }
    var address = sockaddr_ll()
    address.sll_family = UInt16(AF_PACKET)
    address.sll_protocol = type.bigEndian
    address.sll_ifindex = Int32(index)
    try unsafe call("bind", withUnsafeBytes(of: address) { unsafe Array($0) }, bind)
  }

  func set(_ level: Int32, _ option: Int32, _ bytes: [UInt8]) throws(SystemCallError) {
    let result = unsafe bytes.withUnsafeBytes { buffer in
      unsafe setsockopt(number, level, option, buffer.baseAddress, socklen_t(buffer.count))
    }
    try succeed(result, "setsockopt")
  }

  /// Hears what is sent to a multicast group on an interface (`ip_mreqn`, `ipv6_mreq`).
  func join(_ group: IPAddress, on interface: String) throws(SystemCallError) {
    let index = unsafe if_nametoindex(interface)
    guard index != 0 else { throw SystemCallError("if_nametoindex \(interface)") }
    let number = unsafe withUnsafeBytes(of: index) { unsafe Array($0) }
    switch group.family {
    case .ipv4:
      try set(Int32(IPPROTO_IP), IP_ADD_MEMBERSHIP, group.bytes + [0, 0, 0, 0] + number)
    case .ipv6: try set(Int32(IPPROTO_IPV6), IPV6_JOIN_GROUP, group.bytes + number)
    }
  }

  func set(_ level: Int32, _ option: Int32, _ value: Int32) throws(SystemCallError) {
    var value = value
    let size = socklen_t(MemoryLayout<Int32>.size)
    try succeed(unsafe setsockopt(number, level, option, &value, size), "setsockopt")
  }

  /// Makes closing reset the connection, so that nothing of it lingers.
  func resetOnClose() throws(SystemCallError) {
    var setting = linger(l_onoff: 1, l_linger: 0)
    let size = socklen_t(MemoryLayout<linger>.size)
    try succeed(
      unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &setting, size), "setsockopt SO_LINGER")
  }

  func listen() throws(SystemCallError) { try succeed(Glibc.listen(number, 256), "listen") }

  /// Starts a connection; returns the `errno` of a failure that is known at once.
  func connect(_ remote: SocketAddress) -> Int32? {
    do {
      try unsafe call("connect", remote.bytes, Glibc.connect)
      return nil
    } catch {
      return error.number == EINPROGRESS ? nil : error.number
    }
  }

  /// The next connection, and who opened it.
  func accept() -> (socket: Socket, peer: SocketAddress)? {
    var storage = [UInt8](repeating: 0, count: 128)
    var length = socklen_t(storage.count)
    let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let result = unsafe storage.withUnsafeMutableBytes { buffer in
      unsafe accept4(number, buffer.baseAddress, &length, flags)
    }
    guard let descriptor = try? Descriptor(result, "accept4"),
      let peer = SocketAddress(bytes: Array(storage[..<Int(length)]))
    else { return nil }
    return (Socket(descriptor), peer)
  }

  /// Sends to the connected peer; returns the `errno` of a failure.
  func send(_ bytes: [UInt8]) -> Int32? {
    let count = unsafe bytes.withUnsafeBytes { buffer in
      unsafe Glibc.send(number, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
    }
    return count < 0 ? errno : nil
  }

  /// Sends to `remote`; returns the `errno` of a failure.
  func send(_ bytes: [UInt8], to remote: SocketAddress) -> Int32? {
    let name = remote.bytes
    let count = unsafe bytes.withUnsafeBytes { buffer in
      unsafe name.withUnsafeBytes { name in
        unsafe sendto(
          number, buffer.baseAddress, buffer.count, 0,
          name.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(name.count))
      }
    }
    return count < 0 ? errno : nil
  }

  /// The next packet or bytes, and the sender; throws with the socket's error, `EAGAIN` included.
  func receive() throws(SystemCallError) -> (bytes: [UInt8], sender: SocketAddress?) {
    var bytes = [UInt8](repeating: 0, count: 2048)
    var name = [UInt8](repeating: 0, count: 128)
    var length = socklen_t(name.count)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe name.withUnsafeMutableBytes { name in
        unsafe recvfrom(
          number, buffer.baseAddress, buffer.count, 0,
          name.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
      }
    }
    guard count >= 0 else { throw SystemCallError("recvfrom") }
    bytes.removeLast(bytes.count - count)
    return (bytes, SocketAddress(bytes: Array(name[..<Int(length)])))
  }

  /// The port that the socket is bound to, 0 for none.
  var localPort: UInt16 {
    var name = [UInt8](repeating: 0, count: 128)
    var length = socklen_t(name.count)
    let result = unsafe name.withUnsafeMutableBytes { name in
      unsafe getsockname(
        number, name.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
    }
    guard result == 0 else { return 0 }
    return SocketAddress(bytes: Array(name[..<Int(length)]))?.port ?? 0
  }

  /// The error that the socket holds, taken from it.
  func takeError() -> Int32 {
    var value: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    let result = unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &value, &size)
    return result == 0 ? value : errno
  }

  private func call(
    _ name: String, _ address: [UInt8],
    _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32
  ) throws(SystemCallError) {
    let result = unsafe address.withUnsafeBytes { buffer in
      unsafe function(
        number, buffer.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        socklen_t(buffer.count))
    }
    try succeed(result, name)
  }
}
