/// Finds elements by their keys: a hash table with open addressing over the keys' bytes.
struct KeyIndex {
  private let elements: ElementTable
  /// One more than an element's position; 0 for none. A power of two of slots, half of them empty.
  private var slots: [UInt32]
  private let mask: Int
  /// A byte of keys, and which values it has in those that can be found.
  private let telling: (offset: Int, values: [Bool])

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
    telling = Self.telling(elements, range)
  }

  /// Ends of keys differ most, but for the zeros that they are filled up with.
  private static func telling(
    _ elements: ElementTable, _ range: Range<Int>
  ) -> (offset: Int, values: [Bool]) {
    let first = range.first.flatMap { elements.key(at: $0).enumerated().last { $0.element != 0 } }
    let offset = first?.offset ?? 0
    var values = [Bool](repeating: false, count: 256)
    for position in range {
      values[Int(elements.keys[position * elements.keyLength + offset])] = true
    }
    return (offset, values)
  }

  /// Where in `range` of `other` there are keys that can be found.
  ///
  /// - Complexity: linear; where few can be, most of `other` costs no more than a look at a byte.
  /// - Requires: keys have one length.
  func places(ofKeysIn range: Range<Int>, of other: ElementTable) -> [Int] {
    let (keys, told) = (other.keys.span, telling.values.span)
    var result: [Int] = []
    var place = range.lowerBound * other.keyLength + telling.offset
    for position in range {
      if told[Int(keys[place])], self.position(ofKeyAt: position, of: other) != nil {
        result.append(position)
      }
      place += other.keyLength
    }
    return result
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
  /// FNV-1a with 64 bits, four bytes a step; the end spreads what differs in the last bytes over all
  /// bits.
  @inline(__always)
  fileprivate func hashOfKey(at position: Int) -> Int {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    let key = keys.span.extracting(position * keyLength..<(position + 1) * keyLength)
    var index = 0
    while index &+ 4 <= key.count {
      var word = UInt64(key[index]) | UInt64(key[index &+ 1]) &<< 8
      word |= UInt64(key[index &+ 2]) &<< 16 | UInt64(key[index &+ 3]) &<< 24
      state = (state ^ word) &* 0x0000_0100_0000_01B3
      // The product spreads upwards only.
      state ^= state &>> 29
      index &+= 4
    }
    while index < key.count {
      state = (state ^ UInt64(key[index])) &* 0x0000_0100_0000_01B3
      index &+= 1
    }
    state ^= state >> 32
    state = state &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: state >> 20)
  }
}
