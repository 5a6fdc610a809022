import CNftnl
import KernelForm
import Netfilter

/// Writes the elements of a set straight into a batch, in as many messages as it takes.
struct ElementMessages {
  private let table: TablePath
  private let set: KernelSet
  private let reference: SetReference
  private let deletes: Bool

  /// An attribute says its length in sixteen bits, and a nest of elements is one.
  private static let roomInNest = Int(UInt16.max) - Attribute.headerLength

  /// - Parameter deletes: whether the elements are to go instead of to come.
  init(_ table: TablePath, _ set: KernelSet, _ reference: SetReference, deletes: Bool) {
    self.table = table
    self.set = set
    self.reference = reference
    self.deletes = deletes
  }

  /// Appends the messages to `batch`.
  func append(to batch: inout Batch, operation: Int) {
    let writer = ElementWriter(set, deletes: deletes)
    let pattern =
      set.elements.count < ElementPattern.least
      ? nil : ElementPattern(set.elements, writer, deletes: deletes)
    batch.makeRoom(writer.usualLength)
    let heads = headerLength + Attribute.headerLength
    var first = 0
    while first < set.elements.count {
      let (range, length) =
        pattern?.part(from: first, room: Self.roomInNest)
        ?? writer.part(from: first, room: Self.roomInNest)
      // One element is far below what a message holds: key, data and comment are bounded.
      precondition(!range.isEmpty, "an element fits into a message")
      batch.appendElements(range, operation: operation, length: heads + length) {
        sequence, output in
        writeHeader(sequence, heads + length, length, &output)
        if let pattern {
          pattern.write(range, to: &output)
        } else {
          writer.write(range, to: &output)
        }
      }
      first = range.upperBound
    }
  }

  private var headerLength: Int {
    let names = [table.name, reference.name].reduce(0) {
      $0 + Attribute.headerLength + ($1.utf8.count + 1).alignedToFour
    }
    let number = reference.number == nil ? 0 : Attribute.headerLength + 4
    return Message.headsLength + names + number
  }

  /// - Parameters:
  ///   - length: of the message.
  ///   - elements: how long they are, without the head of their nest.
  private func writeHeader(
    _ sequence: UInt32, _ length: Int, _ elements: Int, _ output: inout OutputSpan<UInt8>
  ) {
    let kind = deletes ? NFT_MSG_DELSETELEM : NFT_MSG_NEWSETELEM
    let flags = NLM_F_REQUEST | (deletes ? 0 : NLM_F_CREATE)
    output.append(
      type: kind.netlinkType, length: length, flags: flags, sequence: sequence,
      family: table.family.number)
    output.append(NFTA_SET_ELEM_LIST_TABLE, name: table.name)
    output.append(NFTA_SET_ELEM_LIST_SET, name: reference.name)
    if let number = reference.number { output.append(NFTA_SET_ELEM_LIST_SET_ID, big32: number) }
    output.append(nest: NFTA_SET_ELEM_LIST_ELEMENTS, length: elements)
  }
}

extension OutputSpan where Element == UInt8 {
  /// Appends a number in the order of this machine.
  mutating func append(host16 number: UInt16) { append(word: number) }

  /// Appends a number in the order of this machine.
  mutating func append(host32 number: UInt32) { append(word: number) }

  mutating func append(big16 number: UInt16) { append(word: number.bigEndian) }

  mutating func append(big32 number: UInt32) { append(word: number.bigEndian) }

  /// Appends the bytes of a number at once: one by one they would cost as much as all the rest.
  @inline(__always)
  private mutating func append<Word: BitwiseCopyable>(word: Word) {
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      let size = MemoryLayout<Word>.size
      precondition(size <= buffer.count - count, "there is room")
      unsafe UnsafeMutableRawBufferPointer(buffer).storeBytes(
        of: word, toByteOffset: count, as: Word.self)
      count += size
    }
  }

  /// Appends the heads of a message that has `length` bytes, these included.
  mutating func append(
    type: UInt16, length: Int, flags: Int32, sequence: UInt32, family: UInt8 = 0,
    resource: UInt16 = 0
  ) {
    append(host32: UInt32(length))
    append(host16: type)
    append(host16: UInt16(truncatingIfNeeded: flags))
    append(host32: sequence)
    append(host32: 0)
    append(family)
    append(0 as UInt8)
    append(big16: resource)
  }

  /// Appends the head of an attribute that holds `length` bytes.
  mutating func append<Kind: RawRepresentable<UInt32>>(_ kind: Kind, length: Int) {
    append(host16: UInt16(Attribute.headerLength + length))
    append(host16: UInt16(truncatingIfNeeded: kind.rawValue))
  }

  /// Appends the head of a nest that holds `length` bytes.
  mutating func append<Kind: RawRepresentable<UInt32>>(nest kind: Kind, length: Int) {
    append(host16: UInt16(Attribute.headerLength + length))
    append(host16: UInt16(truncatingIfNeeded: kind.rawValue) | UInt16(NLA_F_NESTED))
  }

  mutating func append<Kind: RawRepresentable<UInt32>>(_ kind: Kind, big32 number: UInt32) {
    append(kind, length: 4)
    append(big32: number)
  }

  /// Appends a name with its NUL, padded.
  mutating func append<Kind: RawRepresentable<UInt32>>(_ kind: Kind, name: String) {
    let text = name.utf8Span.span
    append(kind, length: text.count + 1)
    append(text, 0..<text.count, paddedTo: (text.count + 1).alignedToFour)
  }

  /// Appends a part of `bytes`, and zeros up to `length`.
  mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>, paddedTo length: Int) {
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      precondition(range.count <= length && length <= buffer.count - count, "there is room")
      unsafe bytes.extracting(range).withUnsafeBufferPointer { source in
        let room = unsafe UnsafeMutableBufferPointer(rebasing: buffer[count..<count + length])
        let filled = unsafe room.initialize(fromContentsOf: source)
        unsafe UnsafeMutableBufferPointer(rebasing: room[filled...]).initialize(repeating: 0)
      }
      count += length
    }
  }
}
