/// Which elements of a set go and which come; a changed value or comment is both.
struct ElementDifference {
  /// Indices into the elements that stand, in the order in which they are to be taken away.
  private(set) var removed: [Int] = []
  /// Indices into the wanted elements, in the order in which they are to be added.
  private(set) var added: [Int] = []

  /// Nothing.
  init() {}

  init(addingAllOf set: KernelSet) { added = set.elementsInOrder }

  init(from live: KernelSet, to wanted: KernelSet) {
    if live.elements.hasSameColumns(as: wanted.elements) { return }
    if wanted.holdsPlainIntervals {
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
    // Of several with one key the kernel keeps the first.
    added = isMatched.indices.filter { position in
      !isMatched[position] && index.position(ofKeyAt: position, of: wanted) == position
    }
  }

  /// Compares whole intervals: what changes in one end goes and comes with both.
  private mutating func compareIntervals(_ live: ElementTable, _ wanted: ElementTable) {
    var old = Intervals(live).list[...]
    var new = Intervals(wanted).list[...]
    while let left = old.first {
      guard let right = new.first, right <= left else {
        removed += left.elements
        old.removeFirst()
        continue
      }
      new.removeFirst()
      guard left == right else {
        added += right.elements
        continue
      }
      old.removeFirst()
      if left.upper != right.upper || !live.hasSameContent(left, as: wanted, right) {
        removed += left.elements
        added += right.elements
      }
    }
    added += new.flatMap(\.elements)
  }
}

extension KernelSet {
  /// Whether elements are starts and ends of intervals.
  fileprivate var holdsPlainIntervals: Bool {
    flags.contains(.interval) && !flags.contains(.concatenation) && elements.keyLength <= 16
  }

  /// Indices of all elements, in the order in which the kernel wants to hear of them.
  var elementsInOrder: [Int] {
    guard holdsPlainIntervals else { return Array(0..<elements.count) }
    return Intervals(elements).list.flatMap(\.elements)
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

  /// Whether two intervals from the same place say the same.
  fileprivate func hasSameContent(
    _ interval: Interval, as other: ElementTable, _ match: Interval
  ) -> Bool {
    guard let start = interval.start, let otherStart = match.start else { return true }
    return hasSameContent(at: start, as: other, at: otherStart)
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
