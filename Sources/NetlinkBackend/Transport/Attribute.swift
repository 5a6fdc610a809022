import CNftnl

/// One attribute in a buffer.
struct Attribute: Hashable, Sendable {
  /// Without the flags for nests and byte order.
  let type: UInt32
  /// What it holds, without header and padding.
  let value: Range<Int>

  /// `struct nlattr`, in bytes.
  static let headerLength = 4

  /// Header and value.
  var range: Range<Int> { value.lowerBound - Self.headerLength..<value.upperBound }
}

/// Steps from attribute to attribute.
struct AttributeWalk {
  private var position: Int
  private let end: Int

  /// - Requires: `range` lies in the buffer.
  init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next attribute; `nil` at the end.
  mutating func next(in bytes: Span<UInt8>) throws(NetlinkError) -> Attribute? {
    let room = end - position
    guard room > 0 else { return nil }
    guard room >= Attribute.headerLength else {
      throw .malformed("an attribute without its header")
    }
    let length = Int(bytes.host16(at: position))
    guard length >= Attribute.headerLength, length <= room else {
      throw .malformed("an attribute of \(length) bytes where \(room) are left")
    }
    let attribute = Attribute(
      type: UInt32(bytes.host16(at: position + 2) & 0x3FFF),
      value: position + Attribute.headerLength..<position + length)
    position += min(length.alignedToFour, room)
    return attribute
  }
}

/// The attributes of one nest, by type.
struct Nest {
  private var list: [Attribute] = []

  init(_ range: Range<Int>, in bytes: Span<UInt8>) throws(NetlinkError) {
    var walk = AttributeWalk(range)
    while let attribute = try walk.next(in: bytes) { list.append(attribute) }
  }

  init(_ attribute: Attribute, in bytes: Span<UInt8>) throws(NetlinkError) {
    try self.init(attribute.value, in: bytes)
  }

  /// All of them, in the order of the buffer.
  var attributes: [Attribute] { list }

  /// The last attribute of this type: what the kernel's own parser takes.
  subscript<Kind: RawRepresentable<UInt32>>(_ kind: Kind) -> Attribute? {
    list.last { $0.type == kind.rawValue }
  }

  /// Whether there is an attribute of this type.
  func has<Kind: RawRepresentable<UInt32>>(_ kind: Kind) -> Bool { self[kind] != nil }

  /// The nest inside; `nil` where there is none.
  func nest<Kind: RawRepresentable<UInt32>>(
    _ kind: Kind, in bytes: Span<UInt8>
  ) throws(NetlinkError) -> Nest? {
    guard let attribute = self[kind] else { return nil }
    return try Nest(attribute, in: bytes)
  }

  /// The byte; `nil` where there is none.
  func uint8<Kind: RawRepresentable<UInt32>>(
    _ kind: Kind, in bytes: Span<UInt8>
  ) throws(NetlinkError) -> UInt8? {
    guard let value = try value(kind, length: 1) else { return nil }
    return bytes[value.lowerBound]
  }

  /// The number, which is big-endian; `nil` where there is none.
  func uint16<Kind: RawRepresentable<UInt32>>(
    _ kind: Kind, in bytes: Span<UInt8>
  ) throws(NetlinkError) -> UInt16? {
    guard let value = try value(kind, length: 2) else { return nil }
    return bytes.bigEndian16(at: value.lowerBound)
  }

  /// The number, which is big-endian; `nil` where there is none.
  func uint32<Kind: RawRepresentable<UInt32>>(
    _ kind: Kind, in bytes: Span<UInt8>
  ) throws(NetlinkError) -> UInt32? {
    guard let value = try value(kind, length: 4) else { return nil }
    return bytes.bigEndian32(at: value.lowerBound)
  }

  /// The number, which is big-endian; `nil` where there is none.
  func uint64<Kind: RawRepresentable<UInt32>>(
    _ kind: Kind, in bytes: Span<UInt8>
  ) throws(NetlinkError) -> UInt64? {
    guard let value = try value(kind, length: 8) else { return nil }
    return bytes.bigEndian64(at: value.lowerBound)
  }

  /// The text up to its NUL; `nil` where there is none.
  func string<Kind: RawRepresentable<UInt32>>(_ kind: Kind, in bytes: Span<UInt8>) -> String? {
    guard let attribute = self[kind] else { return nil }
    return String(attribute.value, in: bytes)
  }

  /// The bytes; `nil` where there are none.
  func bytes<Kind: RawRepresentable<UInt32>>(_ kind: Kind, in bytes: Span<UInt8>) -> [UInt8]? {
    guard let attribute = self[kind] else { return nil }
    return Array(attribute.value, in: bytes)
  }

  private func value<Kind: RawRepresentable<UInt32>>(
    _ kind: Kind, length: Int
  ) throws(NetlinkError) -> Range<Int>? {
    guard let attribute = self[kind] else { return nil }
    guard attribute.value.count == length else {
      throw .malformed("a number of \(attribute.value.count) bytes for one of \(length)")
    }
    return attribute.value
  }
}

extension String {
  /// The text in `range` up to its first NUL, if it has one.
  init(_ range: Range<Int>, in bytes: Span<UInt8>) {
    let end = range.first { bytes[$0] == 0 } ?? range.upperBound
    self.init(decoding: Array(range.lowerBound..<end, in: bytes), as: UTF8.self)
  }
}

extension Array where Element == UInt8 {
  /// A copy of what is in `range`.
  init(_ range: Range<Int>, in bytes: Span<UInt8>) {
    self.init(capacity: range.count) { output in
      for index in range { output.append(bytes[index]) }
    }
  }
}
