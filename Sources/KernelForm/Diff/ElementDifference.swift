import Netfilter

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
    let (live, isPlain, wanted) = (live.elements, wanted.holdsPlainIntervals, wanted.elements)
    let start = live.countOfEqualFirst(wanted)
    if start == live.count, start == wanted.count, live.intervalEnds == wanted.intervalEnds {
      return
    }
    if isPlain {
      compareIntervals(live, wanted)
    } else {
      compareKeys(live, wanted, from: start)
    }
  }

  /// Most changes touch few elements: what is the same at the start and at the end is only compared,
  /// not looked up.
  ///
  /// - Parameter start: how many at the start are the same.
  private mutating func compareKeys(
    _ live: ElementTable, _ wanted: ElementTable, from start: Int
  ) {
    let end = live.countOfEqualLast(wanted, atMost: min(live.count, wanted.count) - start)
    let middle = start..<wanted.count - end
    let index = KeyIndex(wanted, middle)
    var isSettled = Array(repeating: false, count: middle.count)
    for position in start..<live.count - end {
      if let match = index.position(ofKeyAt: position, of: live),
        live.hasSameContent(at: position, as: wanted, at: match)
      {
        isSettled[match - start] = true
      } else {
        removed.append(position)
      }
    }
    // Of several with one key the kernel keeps the first; those outside stand there already.
    if !middle.isEmpty {
      for outside in [0..<start, middle.upperBound..<wanted.count] {
        for place in index.places(ofKeysIn: outside, of: wanted) {
          guard let match = index.position(ofKeyAt: place, of: wanted) else { continue }
          isSettled[match - start] = true
        }
      }
    }
    added = middle.filter { position in
      !isSettled[position - start] && index.position(ofKeyAt: position, of: wanted) == position
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
  /// How many elements at the start are the same in both.
  ///
  /// Column by column: to take each element out of its table would cost ten times as much.
  fileprivate func countOfEqualFirst(_ other: ElementTable) -> Int {
    var equal = min(count, other.count)
    if equal == 0 { return 0 }
    equal = min(equal, keys.countOfEqualFirst(other.keys) / keyLength)
    if dataLength > 0 { equal = min(equal, data.countOfEqualFirst(other.data) / dataLength) }
    if !verdicts.isEmpty { equal = min(equal, verdicts.countOfEqualFirst(other.verdicts)) }
    equal = min(equal, commentEnds.countOfEqualFirst(other.commentEnds))
    let told = comments.countOfEqualFirst(other.comments)
    while equal > 0, commentEnds[equal - 1] > told { equal -= 1 }
    return equal
  }

  /// How many elements at the end are the same in both.
  fileprivate func countOfEqualLast(_ other: ElementTable, atMost limit: Int) -> Int {
    var most = min(limit, keys.countOfEqualLast(other.keys) / keyLength)
    if dataLength > 0 { most = min(most, data.countOfEqualLast(other.data) / dataLength) }
    if !verdicts.isEmpty { most = min(most, verdicts.countOfEqualLast(other.verdicts)) }
    let told = comments.countOfEqualLast(other.comments)
    var (equal, length) = (0, 0)
    while equal < most {
      let next = commentLength(at: count - 1 - equal)
      length += next
      guard other.commentLength(at: other.count - 1 - equal) == next, length <= told else { break }
      equal += 1
    }
    return equal
  }

  private func commentLength(at index: Int) -> Int {
    Int(commentEnds[index] - (index == 0 ? 0 : commentEnds[index - 1]))
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

extension Array where Element: FixedWidthInteger {
  /// How many elements at the start are the same in both.
  fileprivate func countOfEqualFirst(_ other: [Element]) -> Int {
    let (left, right) = (span, other.span)
    let limit = Swift.min(left.count, right.count)
    var equal = 0
    while equal &+ blockSize <= limit,
      isSame(
        left.extracting(equal..<equal &+ blockSize), right.extracting(equal..<equal &+ blockSize))
    {
      equal &+= blockSize
    }
    while equal < limit, left[equal] == right[equal] { equal &+= 1 }
    return equal
  }

  /// How many elements at the end are the same in both.
  fileprivate func countOfEqualLast(_ other: [Element]) -> Int {
    var (left, right) = (span, other.span)
    let limit = Swift.min(left.count, right.count)
    var equal = 0
    while equal &+ blockSize <= limit,
      isSame(left.extracting(last: blockSize), right.extracting(last: blockSize))
    {
      left = left.extracting(droppingLast: blockSize)
      right = right.extracting(droppingLast: blockSize)
      equal &+= blockSize
    }
    while equal < limit, left[left.count &- 1] == right[right.count &- 1] {
      left = left.extracting(droppingLast: 1)
      right = right.extracting(droppingLast: 1)
      equal &+= 1
    }
    return equal
  }
}

/// How many numbers are compared without a look at what came of it, which takes longer than they do.
private let blockSize = 64

/// Whether two blocks hold the same.
@inline(__always)
private func isSame<Number: FixedWidthInteger>(
  _ left: borrowing Span<Number>, _ right: borrowing Span<Number>
) -> Bool {
  var difference: Number = 0
  for index in 0..<blockSize { difference |= left[index] ^ right[index] }
  return difference == 0
}

extension [Verdict] {
  fileprivate func countOfEqualFirst(_ other: [Verdict]) -> Int {
    let limit = Swift.min(count, other.count)
    var equal = 0
    while equal < limit, self[equal] == other[equal] { equal += 1 }
    return equal
  }

  fileprivate func countOfEqualLast(_ other: [Verdict]) -> Int {
    let limit = Swift.min(count, other.count)
    var equal = 0
    while equal < limit, self[count - 1 - equal] == other[other.count - 1 - equal] { equal += 1 }
    return equal
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
