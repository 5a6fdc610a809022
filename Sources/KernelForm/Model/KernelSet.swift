package import Netfilter

/// A set or map in the kernel's terms.
package struct KernelSet: Hashable, Sendable {
  package var name: String
  package var flags: SetFlags
  /// nft's number of the key's type; components of a concatenation take six bits each.
  package var keyType: UInt32
  /// In bytes, components padded to four.
  package var keyLength: Int
  /// nft's number of the type of the data: 0 in sets, 0xFFFFFF00 in verdict maps.
  package var dataType: UInt32 = 0
  /// In bytes; 0 in sets and verdict maps.
  package var dataLength = 0
  /// The most elements; 0 where there is no bound.
  package var size: UInt32 = 0
  /// After how many milliseconds elements are forgotten; 0 for never.
  package var timeout: UInt64 = 0
  /// The unpadded lengths of the components, in bytes, in concatenations with ranges.
  package var fieldLengths: [UInt32] = []
  /// What nft needs to list the set, as ``SetUserdata/essential(_:)`` leaves it: the byte orders of
  /// key and data, and the comment.
  package var userdata: [UInt8] = []
  package var elements: ElementTable
  /// The line that asked for it; `nil` where it was read from the kernel.
  package var origin: Origin?

  /// The data type of verdict maps (NFT_DATA_VERDICT).
  package static let verdictType: UInt32 = 0xFFFF_FF00

  package init(
    _ name: String, _ flags: SetFlags, keyType: UInt32, keyLength: Int, elements: ElementTable
  ) {
    self.name = name
    self.flags = flags
    self.keyType = keyType
    self.keyLength = keyLength
    self.elements = elements
  }
}

/// The kind of a set (`enum nft_set_flags` of linux/netfilter/nf_tables.h).
package struct SetFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let anonymous = SetFlags(rawValue: 0x1)
  package static let constant = SetFlags(rawValue: 0x2)
  package static let interval = SetFlags(rawValue: 0x4)
  package static let map = SetFlags(rawValue: 0x8)
  package static let timeout = SetFlags(rawValue: 0x10)
  package static let dynamic = SetFlags(rawValue: 0x20)
  package static let concatenation = SetFlags(rawValue: 0x80)
}
