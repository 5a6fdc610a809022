/// Bits of the packet mark, which the kernel keeps with a packet while it is on this host.
package struct PacketMark: Hashable, Sendable {
  /// The bits that are set or compared.
  package let value: UInt32
  /// The bits that are looked at; the others belong to somebody else.
  package let mask: UInt32

  package init(value: UInt32, mask: UInt32) {
    self.value = value
    self.mask = mask
  }
}
