package import Host

/// The elements of large sets, outside of the entries that have them: entries share them, and a small
/// change writes a small file.
///
/// Each is two files, named by the checksum of the first: `995dc9bbdf1939fa.set` with the messages that
/// we send, and `995dc9bbdf1939fa.nft` with the command that stock nft takes.
package struct ElementStore: Hashable, Sendable {
  /// Where the files are.
  package let directory: String

  package init(directory: String) { self.directory = directory }

  /// Where the command is, as an absolute path; `nil` where nft would take the path for something
  /// else than one file's.
  package func scriptPath(_ id: String) -> String? {
    guard let path = Directory(directory).absolutePath, path.utf8.allSatisfy(Self.isPlain) else {
      return nil
    }
    return "\(path)/\(id).nft"
  }

  /// Room for the elements of one set, before anything is changed.
  package struct Room: Sendable {
    fileprivate let messages: ReservedPath
    fileprivate let script: ReservedPath

    /// Gives the room back.
    package func remove() {
      messages.remove()
      script.remove()
    }
  }

  /// Takes room for so many bytes.
  ///
  /// - Throws: Where the directory cannot be written or has no room.
  package func reserve(messages: Int, script: Int) throws(HostError) -> Room {
    try Directory(directory).makePrivate()
    let first = try ReservedPath(in: directory, size: messages)
    do throws(HostError) {
      return Room(messages: first, script: try ReservedPath(in: directory, size: script))
    } catch {
      first.remove()
      throw error
    }
  }

  /// Keeps the elements of a set where room was taken; returns by what name.
  package func store(
    messages: ArraySlice<UInt8>, script: [UInt8], in room: Room
  ) throws(HostError) -> String {
    let id = Checksum.text(Checksum()(messages.span))
    try room.script.write(script[...])
    try room.messages.write(messages)
    try room.script.publish(as: "\(directory)/\(id).nft")
    try room.messages.publish(as: path(id))
    Directory(directory).synchronize()
    return id
  }

  /// Keeps the elements of a set; returns by what name.
  package func store(messages: [UInt8], script: [UInt8]) throws(HostError) -> String {
    let room = try reserve(messages: messages.count, script: script.count)
    return try store(messages: messages[...], script: script, in: room)
  }

  /// The messages that were kept by this name.
  ///
  /// - Throws: ``HostError/Code/damaged`` where they are others, or not there.
  package func messages(_ id: String) throws(HostError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try FileStore(limit: History.sizeLimit).read(path(id)).bytes
    } catch  where error.code == .notFound {
      throw damage(id, "it is missing")
    }
    guard Checksum.text(Checksum()(bytes.span)) == id else {
      throw damage(id, "its name does not fit: it was damaged or changed by hand")
    }
    return bytes
  }

  /// Removes all but these.
  package func prune(keeping ids: Set<String>) throws(HostError) {
    guard Directory.exists(at: directory) else { return }
    TemporaryFile.removeLeftovers(in: directory)
    for name in try Directory(directory).names() {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0].utf8.count == 16, parts[1] == "set" || parts[1] == "nft",
        !ids.contains(String(parts[0]))
      else { continue }
      try OutputFile("\(directory)/\(name)").remove()
    }
  }

  private func path(_ id: String) -> String { "\(directory)/\(id).set" }

  private func damage(_ id: String, _ what: String) -> HostError {
    HostError(
      .damaged, "use \(path(id)): \(what)",
      advice: "apply the policy again, or go back with `bridgeward rollback NUMBER`")
  }

  /// What stands for itself between quotes and in patterns of file names.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "@"):
      true
    default: false
    }
  }
}
