import CNftnl
import KernelForm
import Netfilter

/// Measures and writes the elements of one set, each as one nest of attributes.
struct ElementWriter {
  private let elements: ElementTable
  private let hasValues: Bool
  private let hasVerdicts: Bool
  private let deletes: Bool

  /// - Parameter deletes: whether to write what identifies elements and no more.
  init(_ set: KernelSet, deletes: Bool) {
    elements = set.elements
    hasVerdicts = !deletes && !set.elements.verdicts.isEmpty
    hasValues = !deletes && set.elements.dataLength > 0
    self.deletes = deletes
  }

  /// About the number of bytes of all elements.
  var usualLength: Int {
    let values = hasValues ? 2 * Attribute.headerLength + elements.dataLength.alignedToFour : 0
    let comments = deletes ? 0 : elements.comments.count + 8 * elements.count
    return comments
      + elements.count * (3 * Attribute.headerLength + elements.keyLength.alignedToFour + values)
  }

  /// The number of bytes of the element at `index`.
  func length(_ index: Int, endsInterval: Bool) -> Int {
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

  /// Its length is told in one byte, which counts the NUL too.
  private func commentRange(_ index: Int) -> Range<Int> {
    let start = index == 0 ? 0 : Int(elements.commentEnds[index - 1])
    return start..<min(Int(elements.commentEnds[index]), start + 254)
  }

  /// Writes the element at `index`.
  func write(_ index: Int, endsInterval: Bool, to output: inout OutputSpan<UInt8>) {
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
