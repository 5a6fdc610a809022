import CNftnl
package import Netfilter

/// Why the kernel was not read or not changed.
package struct NetlinkError: Error, Hashable, Sendable {
  /// What was being done.
  package enum Step: String, Hashable, Sendable {
    case open, read, commit
    /// Putting back what a snapshot holds.
    case restore
    /// Ending connections.
    case disconnect
  }

  package let step: Step
  /// The system's number (errno.h).
  package let errno: Int32
  /// The object that the kernel refused, as nft calls it; `nil` where it was no single one.
  package let object: String?
  /// The line that asked for the object.
  package let origin: Origin?
  /// The kernel's own words (NLMSGERR_ATTR_MSG), or what else there is to say.
  package let message: String?
  /// Whether it is unknown if the change was made: the answer was lost or did not come.
  package private(set) var isUncertain: Bool

  package init(
    _ step: Step, errno: Int32, object: String? = nil, origin: Origin? = nil,
    message: String? = nil
  ) {
    self.step = step
    self.errno = errno
    self.object = object
    self.origin = origin
    self.message = message
    let isOfChange =
      switch step {
      case .open, .read: false
      case .commit, .restore, .disconnect: true
      }
    isUncertain = isOfChange && (errno == ENOBUFS || errno == ETIMEDOUT)
  }

  /// The same, where it was found out that nothing was changed.
  package var ofNoChange: Self {
    var result = self
    result.isUncertain = false
    return result
  }

  /// Bytes that are not what the kernel writes.
  static func malformed(_ what: String) -> Self {
    Self(.read, errno: EBADMSG, message: what)
  }

  /// The library had no memory for an object.
  static func noMemory(_ step: Step) -> Self { Self(step, errno: ENOMEM) }
}

extension NetlinkError {
  /// Whether the rules are no longer those that the change was made for: read again and try again.
  package var isStale: Bool { step != .read && errno == ERESTART }

  /// Whether others changed rules while these were read or changed: it may go well the next time.
  package var isOvertaken: Bool {
    isStale || step == .read && (errno == ERESTART || errno == EAGAIN)
  }

  /// Whether the process may not change the network's rules (CAP_NET_ADMIN).
  package var isDenied: Bool { errno == EPERM && object == nil }

  /// Whether the table belongs to another process, which holds it as long as it runs
  /// (NFT_TABLE_F_OWNER).
  package var isOfAnotherProcess: Bool { errno == EPERM && object != nil }

  /// Whether the kernel has no nf_tables, or no netlink for it; not where it could not be asked.
  package var isUnsupported: Bool {
    guard step == .open else { return false }
    switch errno {
    case EPROTONOSUPPORT, EAFNOSUPPORT, ESOCKTNOSUPPORT, EOPNOTSUPP, EINVAL: return true
    default: return false
    }
  }

  /// Whether it is certain that the change was not made: the kernel refused an object of it, or all
  /// of it for the state of the rules.
  package var isRefusal: Bool { object != nil || isStale }
}

extension NetlinkError: CustomStringConvertible {
  /// One line: `cannot change the rules: element of map publish4: File exists`.
  package var description: String {
    let action =
      switch step {
      case .open: "cannot reach nf_tables"
      case .read: "cannot read the rules"
      case .commit: "cannot change the rules"
      case .restore: "cannot restore the rules"
      case .disconnect: "cannot end connections"
      }
    let parts = [action, object, unsafe String(cString: strerror(errno)), message, advice]
    return parts.compactMap(\.self).joined(separator: ": ")
  }

  private var advice: String? {
    if isStale { return "somebody else changed the rules at the same time; try again" }
    if isDenied { return "run as root, or with CAP_NET_ADMIN" }
    if isOfAnotherProcess { return "it belongs to another process, as long as that runs" }
    if errno == EMSGSIZE { return "raise net.core.wmem_max, or run with CAP_NET_ADMIN" }
    if isUncertain { return "whether the change was made is unknown; look at the rules" }
    switch errno {
    case ENOBUFS, ENOMEM: return "the kernel is short of memory; free some, and try again"
    case EMFILE, ENFILE: return "raise the limit on open files (ulimit -n)"
    default: return mend
    }
  }

  private var mend: String? {
    switch step {
    case .open: "nf_tables has to be in the kernel, or a module that it may load; then try again"
    case .read: "try again; where it stays so, the kernel's log (dmesg) may say why"
    case .commit, .restore: "the rules are as they were; `bridgeward doctor` may know why"
    case .disconnect: nil
    }
  }
}
