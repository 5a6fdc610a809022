import Host

/// Text that knows whether it is whole: a first line that says what it is, and a checksum at the end.
struct SealedText {
  /// What the first lines say; the format's number follows.
  let title: [UInt8]

  /// - Parameter kind: Such as `state`.
  /// - Parameter interpreter: What a `#!` line names, for files that are scripts too.
  init(_ kind: String, interpreter: String? = nil) {
    let first = interpreter.map { "#!\($0)\n" } ?? ""
    title = Array("\(first)# bridgeward \(kind), format ".utf8)
  }

  private static let format = Array("1\n".utf8)
  private static let seal = Array("# crc64 ".utf8)
  /// The seal's line, its end included.
  private static let sealLength = seal.count + 17

  /// What ``sealed(_:room:)`` adds.
  var overhead: Int { title.count + Self.format.count + Self.sealLength }

  /// A text that begins as such texts do.
  ///
  /// - Parameter room: The bytes that will follow, about.
  func begun(room: Int) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(overhead + room)
    return text + title + Self.format
  }

  /// Ends what ``begun(room:)`` has started.
  func seal(_ text: inout [UInt8]) {
    let sum = Checksum.text(Checksum()(text.span))
    text += Self.seal
    text += Array("\(sum)\n".utf8)
  }

  /// What is between the first lines and the seal.
  func content(of text: [UInt8]) throws(StateDamage) -> ArraySlice<UInt8> {
    let start = try contentStart(of: text[...])
    guard text.count >= start + Self.sealLength else { throw .end }
    let end = text.count - Self.sealLength
    let line = text[end...]
    guard line.starts(with: Self.seal), line.last == UInt8(ascii: "\n") else { throw .end }
    let sum = Checksum.text(Checksum()(text.span.extracting(0..<end)))
    guard line.dropFirst(Self.seal.count).dropLast().elementsEqual(sum.utf8) else {
      throw .checksum
    }
    return text[start..<end]
  }

  /// Where the content begins, in a text that need not be whole.
  func contentStart(of text: ArraySlice<UInt8>) throws(StateDamage) -> Int {
    guard text.starts(with: title) else { throw .foreign }
    let number = text[(text.startIndex + title.count)...].prefix { $0 != UInt8(ascii: "\n") }
    guard number.elementsEqual(Self.format.dropLast()) else {
      throw .format(String(decoding: number.prefix(8), as: UTF8.self))
    }
    guard number.endIndex < text.endIndex else { throw .end }
    return number.endIndex + 1
  }
}

extension HostError {
  /// A file of ours that cannot be used.
  init(_ damage: StateDamage, in path: String, mend: String) {
    self.init(.damaged, "use \(path): \(damage.explanation)", advice: mend)
  }
}
