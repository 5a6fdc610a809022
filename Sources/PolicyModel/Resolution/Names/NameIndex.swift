import Syntax

/// Numbers by name: a hash table with open addressing. Every line of a policy looks something up, and
/// names are short, so that what a dictionary does for any kind of key would take twice as long.
struct NameIndex {
  private var keys: [NameKey] = []
  private var numbers: [Int32] = []
  /// One more than the position of a name; 0 for none. A power of two of slots, half of them empty.
  private var slots: [Int32] = []
  /// Nobody can know beforehand which names meet in one slot.
  private let seed = (UInt64.random(in: 0...(.max)), UInt64.random(in: 0...(.max)))
  /// The position behind the name that ``findNext(_:)`` found last.
  private var next = 0

  /// Makes room for so many names.
  mutating func reserve(_ count: Int) {
    keys.reserveCapacity(count)
    numbers.reserveCapacity(count)
    var size = 16
    while size < 2 * count { size *= 2 }
    if size > slots.count { resize(to: size) }
  }

  /// The number of a name; `nil` where there is none.
  func find(_ name: String) -> Int? {
    guard !slots.isEmpty else { return nil }
    let found = slots[slot(of: NameKey(name))]
    return found == 0 ? nil : Int(numbers[Int(found) - 1])
  }

  /// As ``find(_:)``, for who asks for many names: lists of lines mostly keep the order that names
  /// were declared in, and slots of names are far from each other in memory.
  mutating func findNext(_ name: ShortName) -> Int? {
    guard !slots.isEmpty else { return nil }
    if next < keys.count, keys[next].isEqual(to: name) {
      next += 1
      return Int(numbers[next - 1])
    }
    // One container's lines mostly follow each other, too.
    if next > 0, keys[next - 1].isEqual(to: name) { return Int(numbers[next - 1]) }
    let found = Int(slots[slot(of: .short(name))])
    if found == 0 { return nil }
    next = found
    return Int(numbers[found - 1])
  }

  /// Gives a name its number; returns the one that it has already, which stays.
  mutating func add(_ name: String, _ number: Int) -> Int? {
    if 2 * (keys.count + 1) > slots.count { resize(to: max(16, 2 * slots.count)) }
    let key = NameKey(name)
    let slot = slot(of: key)
    if slots[slot] != 0 { return Int(numbers[Int(slots[slot]) - 1]) }
    keys.append(key)
    numbers.append(Int32(number))
    slots[slot] = Int32(keys.count)
    return nil
  }

  private mutating func resize(to size: Int) {
    slots = Array(repeating: 0, count: size)
    for position in keys.indices { slots[slot(of: keys[position])] = Int32(position + 1) }
  }

  /// Where a name is, or where it would go.
  private func slot(of key: NameKey) -> Int {
    var slot = hash(key)
    while slots[slot] != 0, keys[Int(slots[slot]) - 1] != key {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func hash(_ key: NameKey) -> Int {
    switch key {
    case .short(let name): hash(name.low, name.high)
    case .long(let name): hash(UInt64(bitPattern: Int64(name.hashValue)), 0)
    }
  }

  /// The halves of the product of both words, each changed by a secret: every bit of both reaches the
  /// bits that count.
  private func hash(_ low: UInt64, _ high: UInt64) -> Int {
    let product = (low ^ seed.0).multipliedFullWidth(by: high ^ seed.1)
    return Int(truncatingIfNeeded: product.high ^ product.low) & (slots.count - 1)
  }
}

/// A name as it is compared: nearly all are two machine words.
private enum NameKey: Equatable {
  case short(ShortName)
  case long(String)

  init(_ name: String) {
    self = ShortName(name).map { .short($0) } ?? .long(name)
  }

  func isEqual(to name: ShortName) -> Bool {
    switch self {
    case .short(let own): own == name
    case .long: false
    }
  }
}
