/// Tells one boot of the machine from all others.
package struct BootIdentity: Hashable, Sendable {
  /// A UUID in the kernel's spelling.
  package let text: String

  package init(text: String) { self.text = text }

  /// The boot that this process lives in.
  package static func current() throws(HostError) -> BootIdentity {
    let bytes = try FileStore(limit: 256).read("/proc/sys/kernel/random/boot_id").bytes
    return BootIdentity(text: String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self))
  }
}
