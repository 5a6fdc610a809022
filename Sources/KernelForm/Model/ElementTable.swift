package import Diagnostics
package import Netfilter

/// The elements of a set, as columns of bytes: a hundred thousand of them are a few allocations.
///
/// Values are as the kernel wants them: addresses and ports big-endian, the components of a
/// concatenation padded with zeros to four bytes, interface names to sixteen.
package struct ElementTable: Hashable, Sendable {
  package private(set) var count = 0
  /// In bytes.
  package let keyLength: Int
  /// In bytes; 0 where elements have no data or have verdicts.
  package let dataLength: Int
  /// `count * keyLength` bytes.
  package private(set) var keys: [UInt8] = []
  /// `count * dataLength` bytes; zeros where an element ends an interval.
  package private(set) var data: [UInt8] = []
  /// `count` verdicts in a verdict map, of no meaning where an element ends an interval; else
  /// empty.
  package private(set) var verdicts: [Verdict] = []
  /// The elements that end an interval instead of starting one (NFT_SET_ELEM_INTERVAL_END);
  /// ascending.
  package private(set) var intervalEnds: [Int] = []
  /// The comments of all elements, one after the other.
  package private(set) var comments: [UInt8] = []
  /// `count` numbers: where in ``comments`` an element's comment ends.
  package private(set) var commentEnds: [UInt32] = []

  package init(keyLength: Int, dataLength: Int = 0) {
    self.keyLength = keyLength
    self.dataLength = dataLength
  }

  /// Adds an element without data: one of a set, or one that ends an interval.
  ///
  /// - Requires: `key` has ``keyLength`` bytes.
  package mutating func append(
    key: some Collection<UInt8>, comment: some Collection<UInt8>, endsInterval: Bool = false
  ) {
    keys.append(contentsOf: key)
    comments.append(contentsOf: comment)
    finishElement(endsInterval: endsInterval)
  }

  private mutating func finishElement(endsInterval: Bool) {
    if endsInterval {
      intervalEnds.append(count)
      data.append(contentsOf: repeatElement(0, count: dataLength))
      if !verdicts.isEmpty { verdicts.append(.drop) }
    }
    commentEnds.append(UInt32(comments.count))
    count += 1
    precondition(keys.count == count * keyLength, "every key has the table's length")
  }

  /// Adds an element with `value` for data.
  ///
  /// - Requires: `key` has ``keyLength`` bytes and `value` ``dataLength``.
  package mutating func append(
    key: some Collection<UInt8>, value: some Collection<UInt8>, comment: some Collection<UInt8>
  ) {
    data.append(contentsOf: value)
    append(key: key, comment: comment)
    precondition(data.count == count * dataLength, "all data have the table's length")
  }

  /// Adds an element with a verdict.
  ///
  /// - Requires: `key` has ``keyLength`` bytes.
  package mutating func append(
    key: some Collection<UInt8>, verdict: Verdict, comment: some Collection<UInt8>
  ) {
    while verdicts.count < count { verdicts.append(.drop) }
    verdicts.append(verdict)
    append(key: key, comment: comment)
  }

  /// Adds the element at `index` of `other`, whatever it holds.
  ///
  /// - Requires: `other` has the same lengths, and data or verdicts where this has them.
  package mutating func append(elementAt index: Int, of other: ElementTable) {
    let (key, comment) = (other.key(at: index), other.comment(at: index))
    if other.endsInterval(at: index) {
      append(key: key, comment: comment, endsInterval: true)
    } else if !other.verdicts.isEmpty {
      append(key: key, verdict: other.verdicts[index], comment: comment)
    } else {
      append(key: key, value: other.value(at: index), comment: comment)
    }
  }

  /// Adds a run of the elements of `other`, whatever they hold.
  ///
  /// - Requires: `other` has the same lengths, and data or verdicts where this has them.
  package mutating func append(elementsAt range: Range<Int>, of other: ElementTable) {
    guard other.intervalEnds.isEmpty else {
      for index in range { append(elementAt: index, of: other) }
      return
    }
    guard let first = range.first, let last = range.last else { return }
    if !other.verdicts.isEmpty {
      while verdicts.count < count { verdicts.append(.drop) }
      verdicts += other.verdicts[range]
    }
    keys += other.keys[range.lowerBound * keyLength..<range.upperBound * keyLength]
    data += other.data[range.lowerBound * dataLength..<range.upperBound * dataLength]
    let start = first == 0 ? 0 : other.commentEnds[first - 1]
    let shift = UInt32(comments.count)
    comments += other.comments[Int(start)..<Int(other.commentEnds[last])]
    commentEnds.reserveCapacity(count + range.count)
    for index in range { commentEnds.append(other.commentEnds[index] - start + shift) }
    count += range.count
    precondition(keys.count == count * keyLength, "every key has the table's length")
  }

  /// The elements with what comments say beyond the line that asked for them.
  package var withoutLocations: ElementTable {
    var result = self
    result.comments = []
    for index in 0..<count {
      result.comments += LocatedComment(comment(at: index)).purpose
      result.commentEnds[index] = UInt32(result.comments.count)
    }
    return result
  }

  /// Whether the element at `index` ends an interval.
  ///
  /// - Complexity: O(log n).
  package func endsInterval(at index: Int) -> Bool {
    var lower = 0
    var upper = intervalEnds.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if intervalEnds[middle] < index { lower = middle + 1 } else { upper = middle }
    }
    return lower < intervalEnds.count && intervalEnds[lower] == index
  }

  /// Adds elements column by column, without a copy of any of them.
  ///
  /// - Parameters:
  ///   - added: how many.
  ///   - fileLength: the bytes of the longest name of a file that a comment tells.
  ///   - keys: writes ``keyLength`` bytes an element.
  ///   - data: writes ``dataLength`` bytes an element; `nil` where there are none.
  ///   - verdicts: one an element, or empty.
  ///   - comments: writes the line that asked for each element.
  /// - Requires: what is written has these lengths.
  package mutating func append(
    _ added: Int, fileLength: Int, keys writeKeys: (inout OutputSpan<UInt8>) -> Void,
    data writeData: ((inout OutputSpan<UInt8>) -> Void)? = nil, verdicts: [Verdict] = [],
    comments writeComments: (inout LineComments, inout OutputSpan<UInt8>) -> Void
  ) {
    keys.append(atMost: added * keyLength, writeKeys)
    if let writeData { data.append(atMost: added * dataLength, writeData) }
    self.verdicts += verdicts
    var lines = LineComments(start: comments.count, ends: commentEnds, adding: added)
    commentEnds = []
    // A colon and the longest line number have eleven bytes.
    comments.append(atMost: added * min(fileLength + 11, nftCommentLimit)) { output in
      writeComments(&lines, &output)
    }
    commentEnds = lines.ends
    count += added
    precondition(commentEnds.count == count, "every element has a comment, or none by intent")
    precondition(keys.count == count * keyLength, "every key has the table's length")
    precondition(data.count == count * dataLength, "all data have the table's length")
  }

  /// Adds an element whose parts lie in `bytes`, without copying them in between.
  ///
  /// - Requires: `key` has ``keyLength`` bytes; `value`, unless the element ends an interval,
  ///   ``dataLength``.
  package mutating func append(
    from bytes: Span<UInt8>, key: Range<Int>, value: Range<Int>, comment: Range<Int>,
    verdict: Verdict? = nil, endsInterval: Bool = false
  ) {
    if !endsInterval { Self.copy(value, of: bytes, to: &data) }
    if let verdict, !endsInterval {
      while verdicts.count < count { verdicts.append(.drop) }
      verdicts.append(verdict)
    }
    Self.copy(key, of: bytes, to: &keys)
    Self.copy(comment, of: bytes, to: &comments)
    finishElement(endsInterval: endsInterval)
    precondition(data.count == count * dataLength, "all data have the table's length")
  }

  private static func copy(_ range: Range<Int>, of bytes: Span<UInt8>, to column: inout [UInt8]) {
    column.append(atMost: range.count) { output in
      for index in range { output.append(bytes[index]) }
    }
  }

  /// The key of the element at `index`.
  package func key(at index: Int) -> ArraySlice<UInt8> {
    keys[index * keyLength..<(index + 1) * keyLength]
  }

  /// The data of the element at `index`; empty where there are none.
  package func value(at index: Int) -> ArraySlice<UInt8> {
    data[index * dataLength..<(index + 1) * dataLength]
  }

  /// The comment of the element at `index`; empty where there is none.
  package func comment(at index: Int) -> ArraySlice<UInt8> {
    comments[Int(index == 0 ? 0 : commentEnds[index - 1])..<Int(commentEnds[index])]
  }
}

/// Writes the places of lines, of which many are of one file: its name is made safe once.
package struct LineComments {
  private let first: Int
  /// Where the comments end.
  fileprivate private(set) var ends: [UInt32]
  private var file = ""
  /// The index of ``file`` among the policy's; `nil` where that is not known.
  private var fileIndex: UInt32?
  /// The text up to the number.
  private var start = [UInt8(ascii: ":")]

  fileprivate init(start: Int, ends: [UInt32], adding count: Int) {
    first = start
    self.ends = ends
    self.ends.reserveCapacity(ends.count + count)
  }

  /// Whether a line is of the file that was remembered last, or there is no line.
  @inline(__always)
  package func isOfFile(_ span: SourceSpan?) -> Bool {
    guard let span else { return true }
    return span.file == fileIndex && span != .nowhere
  }

  /// Takes the lines that follow for those of the file of `origin`.
  package mutating func remember(_ origin: Origin) {
    fileIndex = origin.span.file
    if origin.file == file { return }
    var text = TextBuffer(capacity: nftCommentLimit)
    text.append(fileOfLine: origin.file, limit: nftCommentLimit)
    text.append(":")
    file = origin.file
    start = text.bytes
  }

  /// Writes a line as the comment of each of so many elements; 0 for no line.
  @inline(__always)
  package mutating func write(
    _ line: UInt32, times: Int, to output: inout OutputSpan<UInt8>
  ) {
    for _ in 0..<times {
      if line > 0 {
        output.append(start)
        output.append(decimal: UInt64(line))
      }
      ends.append(UInt32(truncatingIfNeeded: first &+ output.count))
    }
  }
}
