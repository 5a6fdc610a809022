/// Finds elements by their keys: a hash table with open addressing over the keys' bytes.
struct KeyIndex {
  private let elements: ElementTable
  /// One more than an element's position; 0 for none. A power of two of slots, half of them empty.
  private var slots: [UInt32]
  private let mask: Int

  init(_ elements: ElementTable) { self.init(elements, 0..<elements.count) }

  /// - Parameter range: of the elements that can be found.
  init(_ elements: ElementTable, _ range: Range<Int>) {
    self.elements = elements
    var size = 16
    while size < 2 * range.count { size *= 2 }
    mask = size - 1
    slots = Array(repeating: 0, count: size)
    for position in range {
      var slot = elements.hashOfKey(at: position) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(position + 1)
    }
  }

  /// Where in `range` of `other` there are keys that can be found.
  ///
  /// - Complexity: linear; where few can be, most of `other` costs no more than a hash.
  func places(ofKeysIn range: Range<Int>, of other: ElementTable) -> [Int] {
    range.filter { position(ofKeyAt: $0, of: other) != nil }
  }

  /// The position of the first element whose key is that at `position` of `other`.
  @inline(__always)
  func position(ofKeyAt position: Int, of other: ElementTable) -> Int? {
    var slot = other.hashOfKey(at: position) & mask
    while slots[slot] != 0 {
      let candidate = Int(slots[slot]) - 1
      if elements.key(at: candidate).isSame(as: other.key(at: position)) { return candidate }
      slot = (slot + 1) & mask
    }
    return nil
  }
}

extension ElementTable {
  /// FNV-1a with 64 bits, eight bytes a step; the end spreads what differs in the last bytes over all
  /// bits.
  @inline(__always)
  fileprivate func hashOfKey(at position: Int) -> Int {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    let key = unsafe keys.span.bytes.extracting(position * keyLength..<(position + 1) * keyLength)
    var offset = 0
    while offset &+ 8 <= key.byteCount {
      mix(unsafe key.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self), into: &state)
      offset &+= 8
    }
    if offset &+ 4 <= key.byteCount {
      let word = unsafe key.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
      mix(UInt64(word), into: &state)
      offset &+= 4
    }
    while offset < key.byteCount {
      mix(UInt64(unsafe key.unsafeLoad(fromByteOffset: offset, as: UInt8.self)), into: &state)
      offset &+= 1
    }
    state = state &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: state >> 20)
  }

  @inline(__always)
  private func mix(_ word: UInt64, into state: inout UInt64) {
    state = (state ^ word) &* 0x0000_0100_0000_01B3
    // The product spreads upwards only.
    state ^= state &>> 32
  }
}
