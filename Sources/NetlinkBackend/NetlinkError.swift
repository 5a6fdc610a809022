import CNftnl
package import Netfilter

/// Why the kernel was not read or not changed.
package struct NetlinkError: Error, Hashable, Sendable {
  /// What was being done.
  package enum Step: String, Hashable, Sendable {
    case open, read, commit
  }

  package let step: Step
  /// The system's number (errno.h).
  package let errno: Int32
  /// The object that the kernel refused, as nft calls it; `nil` where it was no single one.
  package let object: String?
  /// The line that asked for the object.
  package let origin: Origin?
  /// The kernel's own words (NLMSGERR_ATTR_MSG); `nil` where it gave none.
  package let message: String?

  package init(
    _ step: Step, errno: Int32, object: String? = nil, origin: Origin? = nil,
    message: String? = nil
  ) {
    self.step = step
    self.errno = errno
    self.object = object
    self.origin = origin
    self.message = message
  }
}
