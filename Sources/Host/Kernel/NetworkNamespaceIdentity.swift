import Glibc
import SystemPackage

/// Tells the network namespace that a thread is in from all others of this boot.
package struct NetworkNamespaceIdentity: Hashable, Sendable {
  /// The inode of `/proc/thread-self/ns/net`, as lsns(8) and ip-netns(8) show it; a later namespace
  /// may get that of one that is gone.
  package let inode: UInt64
  /// The kernel's number that no other namespace gets during a boot; `nil` before Linux 5.14, which
  /// does not tell it, but for the kernel's first namespace where it can be told otherwise.
  package let cookie: UInt64?

  package init(inode: UInt64, cookie: UInt64?) {
    self.inode = inode
    self.cookie = cookie
  }

  /// The namespace of the calling thread.
  package static func current() throws(HostError) -> NetworkNamespaceIdentity {
    let path = "/proc/thread-self/ns/net"
    let status = try SystemCall.run("look at \(path)") { try FilePath(path).stat() }
    let inode = UInt64(truncatingIfNeeded: status.inode.rawValue)
    return NetworkNamespaceIdentity(
      inode: inode, cookie: try currentCookie() ?? (isFirst(inode) ? firstCookie : nil))
  }

  /// Whether it is where the machine's (or container's) first process lives.
  ///
  /// Where the kernel does not let us look at that process, the very first namespace of the kernel
  /// is taken for it.
  package var isHome: Bool {
    if let first = Self.inode(of: "/proc/1/ns/net") { return first == inode }
    return cookie == Self.firstCookie
  }

  /// Whether a namespace is the kernel's first, told without its cookie: it is where the first process
  /// lives, which is the machine's and not a container's. `false` where one may not look.
  package static func isFirst(_ inode: UInt64) -> Bool {
    Self.inode(of: "/proc/self/ns/pid") == firstProcessNamespace
      && Self.inode(of: "/proc/1/ns/net") == inode
  }

  private static func inode(of path: String) -> UInt64? {
    (try? FilePath(path).stat()).map { UInt64(truncatingIfNeeded: $0.inode.rawValue) }
  }

  /// `init_net` is numbered before any other (`net_ns_init` of net/core/net_namespace.c).
  private static let firstCookie: UInt64 = 1

  /// `PROC_PID_INIT_INO` of linux/proc_ns.h: the namespace of all processes, which every machine has
  /// and no container.
  private static let firstProcessNamespace: UInt64 = 0xEFFF_FFFC

  /// `SO_NETNS_COOKIE` of asm-generic/socket.h.
  private static let cookieOption: CInt = 71

  /// Throws where the kernel has it and does not tell: the namespace would pass for another one.
  private static func currentCookie() throws(HostError) -> UInt64? {
    let action = "tell this network namespace from others"
    // Any socket would do; units of systemd leave us this family alone (RestrictAddressFamilies).
    let descriptor = socket(AF_NETLINK, CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    try SystemCall.check(action, descriptor)
    defer { close(descriptor) }
    var cookie: UInt64 = 0
    var size = socklen_t(MemoryLayout<UInt64>.size)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, cookieOption, &cookie, &size) < 0 else {
      return cookie
    }
    let cause = SystemCall.lastError
    if cause == .protocolNotAvailable || cause == .invalidArgument { return nil }
    throw HostError(action, cause)
  }
}
