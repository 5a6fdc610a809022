import CNftnl
import KernelForm

/// Writes elements that differ in key, data and comment alone, as those of exact keys do: what they
/// have in common is made once and copied, which takes less than half the time.
struct ElementPattern {
  private let elements: ElementTable
  /// The first element without its comment.
  private let bytes: [UInt8]
  private let hasValues: Bool
  private let hasComments: Bool

  /// Behind the heads of the element, of its key and of the key's value.
  private static let keyOffset = 3 * Attribute.headerLength

  /// To make a pattern for fewer takes longer than to do without.
  static let least = 16

  /// `nil` where elements have verdicts or end intervals.
  init?(_ elements: ElementTable, _ writer: ElementWriter, deletes: Bool) {
    guard elements.intervalEnds.isEmpty, deletes || elements.verdicts.isEmpty else { return nil }
    self.elements = elements
    bytes = writer.withoutComment(0)
    hasValues = !deletes && elements.dataLength > 0
    hasComments = !deletes
  }

  /// How many bytes an element has with a comment of so many.
  private func length(comment: Int) -> Int {
    guard hasComments, comment > 0 else { return bytes.count }
    return bytes.count + Attribute.headerLength
      + (min(comment, ElementWriter.longestComment) + 3).alignedToFour
  }

  /// The elements from `first` on that have no more than `room` bytes, and how many they have.
  func part(from first: Int, room: Int) -> (range: Range<Int>, length: Int) {
    let ends = elements.commentEnds.span
    var start = first == 0 ? 0 : Int(ends[first - 1])
    var (next, length) = (first, 0)
    while next < elements.count {
      let end = Int(ends[next])
      let more = self.length(comment: end - start)
      if length + more > room { break }
      length += more
      start = end
      next += 1
    }
    return (first..<next, length)
  }

  /// Writes the elements of `range`.
  func write(_ range: Range<Int>, to output: inout OutputSpan<UInt8>) {
    let pattern = unsafe bytes.span.bytes
    let keys = unsafe elements.keys.span.bytes
    let data = unsafe elements.data.span.bytes
    let comments = unsafe elements.comments.span.bytes
    let ends = elements.commentEnds.span
    let (keyLength, dataLength) = (elements.keyLength, elements.dataLength)
    let dataOffset = Self.keyOffset + keyLength.alignedToFour + 2 * Attribute.headerLength
    var start = range.lowerBound == 0 ? 0 : Int(ends[range.lowerBound - 1])
    unsafe output.withUnsafeMutableBufferPointer { buffer, count in
      let room = UnsafeMutableRawBufferPointer(buffer)
      for index in range {
        let end = Int(ends[index])
        let length = length(comment: end - start)
        precondition(length <= room.count - count, "there is room")
        let place = unsafe UnsafeMutableRawBufferPointer(rebasing: room[count..<count + length])
        unsafe place.copy(pattern, from: 0, pattern.byteCount, at: 0)
        unsafe place.storeBytes(of: UInt16(length), as: UInt16.self)
        unsafe place.put(keys, from: index * keyLength, keyLength, at: Self.keyOffset)
        if hasValues {
          unsafe place.put(data, from: index * dataLength, dataLength, at: dataOffset)
        }
        if length > pattern.byteCount {
          let told = min(end - start, ElementWriter.longestComment)
          unsafe place.put(comment: comments, from: start, told, at: pattern.byteCount)
        }
        start = end
        count += length
      }
    }
  }
}

extension UnsafeMutableRawBufferPointer {
  @inline(__always)
  fileprivate func copy(_ source: RawSpan, from start: Int, _ count: Int, at offset: Int) {
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: self[offset..<offset + count])
    unsafe source.extracting(start..<start + count).withUnsafeBytes {
      unsafe room.copyMemory(from: $0)
    }
  }

  /// Copies eight and four bytes at a time: keys and data have so few that a call takes longer.
  @inline(__always)
  fileprivate func put(_ source: RawSpan, from start: Int, _ count: Int, at offset: Int) {
    precondition(offset + count <= self.count, "there is room")
    var index = 0
    while index + 8 <= count {
      let word = unsafe source.unsafeLoadUnaligned(fromByteOffset: start + index, as: UInt64.self)
      unsafe storeBytes(of: word, toByteOffset: offset + index, as: UInt64.self)
      index += 8
    }
    while index + 4 <= count {
      let word = unsafe source.unsafeLoadUnaligned(fromByteOffset: start + index, as: UInt32.self)
      unsafe storeBytes(of: word, toByteOffset: offset + index, as: UInt32.self)
      index += 4
    }
    while index < count {
      let byte = unsafe source.unsafeLoad(fromByteOffset: start + index, as: UInt8.self)
      unsafe storeBytes(of: byte, toByteOffset: offset + index, as: UInt8.self)
      index += 1
    }
  }

  /// Writes the attribute of a comment, up to the end.
  @inline(__always)
  fileprivate func put(comment source: RawSpan, from start: Int, _ count: Int, at offset: Int) {
    precondition(offset + Attribute.headerLength + (count + 3).alignedToFour == self.count)
    let length = UInt16(Attribute.headerLength + count + 3)
    unsafe storeBytes(of: 0, toByteOffset: self.count - 4, as: UInt32.self)
    unsafe storeBytes(of: length, toByteOffset: offset, as: UInt16.self)
    unsafe storeBytes(
      of: UInt16(NFTA_SET_ELEM_USERDATA.rawValue), toByteOffset: offset + 2, as: UInt16.self)
    unsafe storeBytes(of: Userdata.commentType, toByteOffset: offset + 4, as: UInt8.self)
    unsafe storeBytes(of: UInt8(count + 1), toByteOffset: offset + 5, as: UInt8.self)
    unsafe copy(source, from: start, count, at: offset + 6)
  }
}
