/// Numbers by name: a hash table with open addressing. Every line of a policy looks something up, and
/// names are short, so that what a dictionary does for any kind of key would take twice as long.
struct NameIndex {
  private var names: [String] = []
  private var numbers: [Int32] = []
  /// One more than the position of a name; 0 for none. A power of two of slots, half of them empty.
  private var slots: [Int32] = []
  /// Nobody can know beforehand which names meet in one slot.
  private let seed = UInt64.random(in: 0...(.max))
  /// The position behind the name that ``findNext(_:)`` found last.
  private var next = 0

  /// Makes room for so many names.
  mutating func reserve(_ count: Int) {
    names.reserveCapacity(count)
    numbers.reserveCapacity(count)
    var size = 16
    while size < 2 * count { size *= 2 }
    if size > slots.count { resize(to: size) }
  }

  /// The number of a name; `nil` where there is none.
  func find(_ name: String) -> Int? {
    guard !slots.isEmpty else { return nil }
    let found = slots[slot(of: name)]
    return found == 0 ? nil : Int(numbers[Int(found) - 1])
  }

  /// As ``find(_:)``, for who asks for many names: lists of lines mostly keep the order that names
  /// were declared in, and slots of names are far from each other in memory.
  mutating func findNext(_ name: String) -> Int? {
    guard !slots.isEmpty else { return nil }
    if next < names.count, names[next] == name {
      next += 1
      return Int(numbers[next - 1])
    }
    let found = Int(slots[slot(of: name)])
    if found == 0 { return nil }
    next = found
    return Int(numbers[found - 1])
  }

  /// Gives a name its number; returns the one that it has already, which stays.
  mutating func add(_ name: String, _ number: Int) -> Int? {
    if 2 * (names.count + 1) > slots.count { resize(to: max(16, 2 * slots.count)) }
    let slot = slot(of: name)
    if slots[slot] != 0 { return Int(numbers[Int(slots[slot]) - 1]) }
    names.append(name)
    numbers.append(Int32(number))
    slots[slot] = Int32(names.count)
    return nil
  }

  private mutating func resize(to size: Int) {
    slots = Array(repeating: 0, count: size)
    for position in names.indices { slots[slot(of: names[position])] = Int32(position + 1) }
  }

  /// Where a name is, or where it would go.
  private func slot(of name: String) -> Int {
    var slot = hash(name)
    while slots[slot] != 0, names[Int(slots[slot]) - 1] != name {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  /// FNV-1a from a secret start; the end spreads what differs in the last bytes over all bits.
  private func hash(_ name: String) -> Int {
    var state = seed
    for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    state ^= state >> 32
    state = state &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: state >> 32) & (slots.count - 1)
  }
}
