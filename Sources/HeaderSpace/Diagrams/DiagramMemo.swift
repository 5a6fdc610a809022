/// Answers already found, by one diagram, two or three: a hash table with open addressing.
///
/// Every step of an operation looks for its answer first. Diagrams are small numbers that nobody
/// outside chooses; what a dictionary does against chosen keys took a quarter of all time.
struct DiagramMemo {
  private struct Entry {
    var pair: UInt64
    var third: UInt32
    var answer: Diagram
  }

  /// A power of two of entries, half of them free.
  private var entries: [Entry] = []
  private var count = 0

  /// No two diagrams: the largest constant is none.
  private static let free = UInt64.max
  private static let least = 16

  subscript(_ first: Diagram, _ second: Diagram = .no, _ third: Diagram = .no) -> Diagram? {
    get {
      if entries.isEmpty { return nil }
      let pair = Self.pair(first, second)
      let entry = entries[slot(of: pair, third.bits)]
      return entry.pair == Self.free ? nil : entry.answer
    }
    set {
      guard let answer = newValue else { preconditionFailure("answers stay") }
      if 2 * (count + 1) > entries.count { grow() }
      let pair = Self.pair(first, second)
      let slot = slot(of: pair, third.bits)
      if entries[slot].pair == Self.free { count += 1 }
      entries[slot] = Entry(pair: pair, third: third.bits, answer: answer)
    }
  }

  private static func pair(_ first: Diagram, _ second: Diagram) -> UInt64 {
    UInt64(first.bits) << 32 | UInt64(second.bits)
  }

  /// Where an answer is, or where it would go.
  private func slot(of pair: UInt64, _ third: UInt32) -> Int {
    let mask = entries.count - 1
    let mixed = (pair ^ UInt64(third) &* 0xFF51_AFD7_ED55_8CCD) &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: mixed >> 32) & mask
    while entries[slot].pair != Self.free,
      entries[slot].pair != pair || entries[slot].third != third
    {
      slot = (slot + 1) & mask
    }
    return slot
  }

  private mutating func grow() {
    let old = entries
    let empty = Entry(pair: Self.free, third: 0, answer: .no)
    entries = Array(repeating: empty, count: max(Self.least, 4 * old.count))
    for entry in old where entry.pair != Self.free {
      entries[slot(of: entry.pair, entry.third)] = entry
    }
  }
}
