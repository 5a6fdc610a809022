/// Which elements of a set go and which come; a changed value or comment is both.
struct ElementDifference {
  /// Indices into the elements that stand, ascending.
  private(set) var removed: [Int] = []
  /// Indices into the wanted elements, ascending.
  private(set) var added: [Int] = []

  /// Nothing.
  init() {}

  init(addingAllOf elements: ElementTable) { added = Array(0..<elements.count) }

  init(from live: KernelSet, to wanted: KernelSet) {
    if live.elements.hasSameColumns(as: wanted.elements) { return }
    let isInterval = wanted.flags.contains(.interval) && !wanted.flags.contains(.concatenation)
    if isInterval, wanted.elements.keyLength <= 16 {
      compareIntervals(live.elements, wanted.elements)
    } else {
      compareKeys(live.elements, wanted.elements)
    }
  }

  private mutating func compareKeys(_ live: ElementTable, _ wanted: ElementTable) {
    let index = KeyIndex(wanted)
    var isMatched = Array(repeating: false, count: wanted.count)
    for position in 0..<live.count {
      if let match = index.position(ofKeyAt: position, of: live),
        live.hasSameContent(at: position, as: wanted, at: match)
      {
        isMatched[match] = true
      } else {
        removed.append(position)
      }
    }
    added = isMatched.indices.filter { !isMatched[$0] }
  }

  /// Compares whole intervals: what changes in one end goes and comes with both.
  private mutating func compareIntervals(_ live: ElementTable, _ wanted: ElementTable) {
    var old = Intervals(live).list[...]
    var new = Intervals(wanted).list[...]
    while let left = old.first {
      guard let right = new.first, right.lower <= left.lower else {
        remove(left)
        old.removeFirst()
        continue
      }
      new.removeFirst()
      guard left.lower == right.lower else {
        add(right)
        continue
      }
      old.removeFirst()
      if left.upper != right.upper
        || !live.hasSameContent(at: left.start, as: wanted, at: right.start)
      {
        remove(left)
        add(right)
      }
    }
    for interval in new { add(interval) }
    removed.sort()
    added.sort()
  }

  private mutating func remove(_ interval: Interval) {
    removed.append(interval.start)
    if let end = interval.end { removed.append(end) }
  }

  private mutating func add(_ interval: Interval) {
    added.append(interval.start)
    if let end = interval.end { added.append(end) }
  }
}

extension ElementTable {
  /// Whether the elements are the same, in the same order.
  fileprivate func hasSameColumns(as other: ElementTable) -> Bool {
    count == other.count && keys == other.keys && data == other.data
      && verdicts == other.verdicts && intervalEnds == other.intervalEnds
      && commentEnds == other.commentEnds && comments == other.comments
  }

  /// Whether two elements with the same key say the same.
  fileprivate func hasSameContent(at index: Int, as other: ElementTable, at match: Int) -> Bool {
    if !verdicts.isEmpty, verdicts[index] != other.verdicts[match] { return false }
    return value(at: index).isSame(as: other.value(at: match))
      && comment(at: index).isSame(as: other.comment(at: match))
  }

  /// The elements at `indices`.
  subscript(indices: [Int]) -> ElementTable {
    var result = ElementTable(keyLength: keyLength, dataLength: dataLength)
    for index in indices { result.append(elementAt: index, of: self) }
    return result
  }
}

extension ArraySlice<UInt8> {
  /// `==`, without what it costs to prepare for other kinds of sequences.
  func isSame(as other: ArraySlice<UInt8>) -> Bool {
    guard count == other.count else { return false }
    let (left, right) = (span, other.span)
    for index in left.indices where left[index] != right[index] { return false }
    return true
  }
}
