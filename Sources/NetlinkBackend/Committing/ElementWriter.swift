import CNftnl
import KernelForm
import Netfilter

/// Measures and writes the elements of one set, each as one nest of attributes.
struct ElementWriter {
  private let elements: ElementTable
  private let hasValues: Bool
  private let hasVerdicts: Bool
  private let deletes: Bool

  /// Its length is told in one byte, which counts the NUL too.
  static let longestComment = 254

  /// - Parameter deletes: whether to write what identifies elements and no more.
  init(_ set: KernelSet, deletes: Bool) {
    elements = set.elements
    hasVerdicts = !deletes && !set.elements.verdicts.isEmpty
    hasValues = !deletes && set.elements.dataLength > 0
    self.deletes = deletes
  }

  /// About the number of bytes of all elements; no less where they are keys, data and comments alone.
  var usualLength: Int {
    let values = hasValues ? 2 * Attribute.headerLength + elements.dataLength.alignedToFour : 0
    // A head of four bytes, a type, a length and a NUL, and up to three bytes of padding each.
    let comments = deletes ? 0 : elements.comments.count + 10 * elements.count
    return comments
      + elements.count * (3 * Attribute.headerLength + elements.keyLength.alignedToFour + values)
  }

  /// The element at `index`, which ends no interval, without its comment.
  func withoutComment(_ index: Int) -> [UInt8] {
    let comment = deletes ? 0..<0 : commentRange(index)
    var whole: [UInt8] = []
    whole.append(atMost: length(index, endsInterval: false)) { output in
      write(index, endsInterval: false, to: &output)
    }
    if comment.isEmpty { return whole }
    return Array(
      whole.dropLast(Attribute.headerLength + (comment.count + 3).alignedToFour))
  }

  /// The elements from `first` on that have no more than `room` bytes, and how many they have.
  func part(from first: Int, room: Int) -> (range: Range<Int>, length: Int) {
    var (next, length) = (first, 0)
    while next < elements.count {
      let more = self.length(next, endsInterval: elements.endsInterval(at: next))
      if length + more > room { break }
      length += more
      next += 1
    }
    return (first..<next, length)
  }

  /// Writes the elements of `range`.
  func write(_ range: Range<Int>, to output: inout OutputSpan<UInt8>) {
    for index in range {
      write(index, endsInterval: elements.endsInterval(at: index), to: &output)
    }
  }

  /// The number of bytes of the element at `index`.
  private func length(_ index: Int, endsInterval: Bool) -> Int {
    var content = endsInterval ? 8 : 0
    content += 2 * Attribute.headerLength + elements.keyLength.alignedToFour
    if hasValues, !endsInterval {
      content += 2 * Attribute.headerLength + elements.dataLength.alignedToFour
    }
    if hasVerdicts, !endsInterval {
      content += 2 * Attribute.headerLength + verdictLength(elements.verdicts[index])
    }
    let comment = deletes ? 0..<0 : commentRange(index)
    if !comment.isEmpty { content += Attribute.headerLength + (comment.count + 3).alignedToFour }
    return Attribute.headerLength + content
  }

  private func verdictLength(_ verdict: Verdict) -> Int {
    guard let chain = verdict.chain else { return 8 }
    return 8 + Attribute.headerLength + (chain.utf8.count + 1).alignedToFour
  }

  private func commentRange(_ index: Int) -> Range<Int> {
    let start = index == 0 ? 0 : Int(elements.commentEnds[index - 1])
    return start..<min(Int(elements.commentEnds[index]), start + Self.longestComment)
  }

  /// Writes the element at `index`.
  private func write(_ index: Int, endsInterval: Bool, to output: inout OutputSpan<UInt8>) {
    let content = length(index, endsInterval: endsInterval) - Attribute.headerLength
    output.append(nest: NFTA_LIST_ELEM, length: content)
    if endsInterval {
      output.append(NFTA_SET_ELEM_FLAGS, big32: NFT_SET_ELEM_INTERVAL_END.rawValue)
    }
    writeValue(NFTA_SET_ELEM_KEY, elements.keys.span, index, elements.keyLength, &output)
    if hasValues, !endsInterval {
      writeValue(NFTA_SET_ELEM_DATA, elements.data.span, index, elements.dataLength, &output)
    }
    if hasVerdicts, !endsInterval { writeVerdict(elements.verdicts[index], &output) }
    if !deletes { writeComment(index, &output) }
  }

  private func writeValue(
    _ kind: nft_set_elem_attributes, _ column: Span<UInt8>, _ index: Int, _ length: Int,
    _ output: inout OutputSpan<UInt8>
  ) {
    let padded = length.alignedToFour
    output.append(nest: kind, length: Attribute.headerLength + padded)
    output.append(NFTA_DATA_VALUE, length: length)
    output.append(column, index * length..<(index + 1) * length, paddedTo: padded)
  }

  private func writeVerdict(_ verdict: Verdict, _ output: inout OutputSpan<UInt8>) {
    let length = verdictLength(verdict)
    output.append(nest: NFTA_SET_ELEM_DATA, length: Attribute.headerLength + length)
    output.append(nest: NFTA_DATA_VERDICT, length: length)
    output.append(NFTA_VERDICT_CODE, big32: UInt32(bitPattern: verdict.code))
    if let chain = verdict.chain { output.append(NFTA_VERDICT_CHAIN, name: chain) }
  }

  private func writeComment(_ index: Int, _ output: inout OutputSpan<UInt8>) {
    let range = commentRange(index)
    if range.isEmpty { return }
    let length = range.count + 3
    output.append(NFTA_SET_ELEM_USERDATA, length: length)
    output.append(Userdata.commentType)
    output.append(UInt8(range.count + 1))
    output.append(elements.comments.span, range, paddedTo: length.alignedToFour - 2)
  }
}
