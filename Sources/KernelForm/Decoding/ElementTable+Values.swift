package import Netfilter
import NetworkTypes

// Values of elements that were read from the kernel: nothing is taken for granted.
extension ElementTable {
  /// Whether every column has its length.
  var isWhole: Bool { keys.count == count * keyLength && data.count == count * dataLength }

  /// The number that the key of an element is.
  private func number(at index: Int) -> UInt128 { UInt128(bigEndian: key(at: index)) }

  /// The addresses of a set, as the fewest ranges.
  func addressRanges(
    _ family: AddressFamily, isInterval: Bool
  ) throws(Unknown) -> [AddressRange] {
    AddressSet(
      try bounds(length: family.byteCount, isInterval: isInterval).map {
        AddressRange(family: family, lowerBits: $0.lower, upperBits: $0.upper)
      }
    ).ranges
  }

  /// The first and last key of each element, in ascending order, and the element that it is.
  func bounds(
    length: Int, isInterval: Bool
  ) throws(Unknown) -> [(lower: UInt128, upper: UInt128, index: Int)] {
    guard keyLength == length, isWhole else { throw Unknown("keys of other lengths") }
    let highest: UInt128 = length == 16 ? .max : (1 << UInt128(8 * length)) - 1
    var isEnd = Array(repeating: false, count: count)
    for index in intervalEnds where isEnd.indices.contains(index) { isEnd[index] = true }
    // Where one interval ends and another begins, the end comes first.
    let order = (0..<count).map { (number: number(at: $0), isStart: !isEnd[$0], index: $0) }
      .sorted { ($0.number, $0.isStart ? 1 : 0) < ($1.number, $1.isStart ? 1 : 0) }
    guard isInterval else { return order.map { ($0.number, $0.number, $0.index) } }
    var result: [(lower: UInt128, upper: UInt128, index: Int)] = []
    var open: (lower: UInt128, index: Int)?
    for (number, isStart, index) in order {
      if isStart {
        guard open == nil else { throw Unknown("intervals without an end") }
        open = (number, index)
      } else if let start = open, number > start.lower {
        result.append((start.lower, number - 1, start.index))
        open = nil
      }
    }
    if let open { result.append((open.lower, highest, open.index)) }
    return result
  }

  /// The line that asked for an element, as its comment tells it.
  package func commentOrigin(at index: Int) -> Origin? {
    let comment = comment(at: index)
    return comment.isEmpty ? nil : CommentText(String(decoding: comment, as: UTF8.self)).origin
  }
}

extension UInt128 {
  init(bigEndian bytes: some Collection<UInt8>) {
    self = bytes.reduce(0) { $0 << 8 | UInt128($1) }
  }
}

extension InterfaceName {
  /// The name that is padded with zeros to sixteen bytes.
  init?(padded bytes: some Collection<UInt8>) {
    let text = bytes.prefix { $0 != 0 }
    guard bytes.count == 16, bytes.dropFirst(text.count).allSatisfy({ $0 == 0 }),
      let name = try? InterfaceName(validating: String(decoding: text, as: UTF8.self))
    else { return nil }
    self = name
  }
}
