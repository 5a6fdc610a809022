package import Host

/// Everything that brings the host back to a state of our rules.
///
/// As a file it is a script that `nft -f` loads (for the nft backend): the snapshot that we load
/// ourselves stands in comments.
package struct StateEntry: Hashable, Sendable {
  package let header: StateHeader
  /// What the backend's own tool loads; no `#!` line.
  package let script: [UInt8]
  /// The kernel's own bytes, as the netlink session gives and takes them; empty where there are no
  /// rules, or where the backend has none. Behind them stand the edits of elements that are kept
  /// elsewhere: see ``KeptElements``.
  package let snapshot: [UInt8]

  /// - Parameter script: A `#!` line at its start is left out.
  package init(header: StateHeader, script: [UInt8], snapshot: [UInt8]) {
    self.header = header
    self.script = Self.withoutInterpreter(script)
    self.snapshot = snapshot
  }

  private static func withoutInterpreter(_ script: [UInt8]) -> [UInt8] {
    guard script.starts(with: "#!".utf8) else { return script }
    return Array(script.drop { $0 != UInt8(ascii: "\n") }.dropFirst())
  }

  private static let form = SealedText("state", interpreter: "/usr/sbin/nft -f")

  /// The file's bytes.
  ///
  /// - Complexity: linear.
  package var encoded: [UInt8] {
    let header = Array(header.text.utf8)
    let length = Base64Lines.length(of: snapshot.count)
    var text = Self.form.begun(room: header.count + script.count + length + 1)
    text += header
    text += script
    if let last = script.last, last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
    Base64Lines.append(snapshot, to: &text)
    Self.form.seal(&text)
    return text
  }

  /// At least what ``encoded`` takes for a script and a snapshot of these sizes, and for a header
  /// of ordinary size.
  package static func room(script: Int, snapshot: Int) -> Int {
    form.overhead + script + 1 + Base64Lines.length(of: snapshot) + 1 << 16
  }

  /// Reads a whole file.
  init(decoding text: [UInt8]) throws(StateDamage) {
    let content = try Self.form.content(of: text)
    let (lines, bodyStart) = try Self.headerLines(content)
    let body = content[bodyStart...]
    let snapshotStart = Self.snapshotStart(in: body)
    header = try StateHeader(lines)
    script = Array(body[..<snapshotStart])
    guard let bytes = Base64Lines.decode(body[snapshotStart...]) else { throw .snapshot }
    snapshot = bytes
  }

  /// Reads the header of a file whose end may be missing, and vouches for nothing.
  static func header(ofPart text: [UInt8]) throws(StateDamage) -> StateHeader {
    let start = try form.contentStart(of: text[...])
    return try StateHeader(try headerLines(text[start...]).lines)
  }

  private static func headerLines(
    _ content: ArraySlice<UInt8>
  ) throws(StateDamage) -> (lines: [Substring], end: Int) {
    var lines: [Substring] = []
    var rest = content
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      if line == "#" { return (lines, rest.startIndex) }
      guard line.hasPrefix("# ") else { throw .line(String(line.prefix(20))) }
      lines.append(line.dropFirst(2))
    }
    throw .end
  }

  /// Where the lines of the snapshot begin that end the file.
  private static func snapshotStart(in body: ArraySlice<UInt8>) -> Int {
    var start = body.endIndex
    while start > body.startIndex {
      let previous = body[..<(start - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
      let line = previous ?? body.startIndex
      guard body[line..<start].starts(with: Base64Lines.mark) else { break }
      start = line
    }
    return start
  }
}

extension FileStore {
  /// The state that a file holds, whole or not at all.
  ///
  /// - Parameter mend: What to do where it is damaged.
  package func readState(_ path: String, mend: String) throws(HostError) -> StateEntry {
    let bytes = try read(path).bytes
    do {
      return try StateEntry(decoding: bytes)
    } catch {
      throw HostError(error, in: path, mend: mend)
    }
  }
}
