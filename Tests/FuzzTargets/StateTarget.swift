import Driver
import Host
import NetlinkBackend
import KernelForm
import ScratchFiles

/// Whatever stands in the files that are kept between runs, they are read or refused.
///
/// The bytes are each of the files in turn, once as they are, and once with the checksum that they
/// should have.
func checkState(_ bytes: [UInt8]) throws(BrokenLaw) {
  let sound = resealed(bytes)
  if sound != bytes {
    let files = try StateFiles(bytes)
    try require(files.storedEntry() == nil, "a damaged state is refused")
    files.readAll()
  }
  let files = try StateFiles(sound)
  files.readAll()
  guard let entry = files.storedEntry() else { return }
  _ = files.entry()
  let again = try StateFiles(entry.encoded).storedEntry()
  try require(again?.encoded == entry.encoded, "what is written is what was read")
  _ = try? KernelRuleset(snapshot: entry.snapshot)
  try checkIptables(entry)
}

/// An entry of iptables is one, and says the same when it is written anew.
private func checkIptables(_ entry: StateEntry) throws(BrokenLaw) {
  guard let snapshot = try? IptablesSnapshot(entry) else { return }
  let copy = StateEntry(header: entry.header, script: snapshot.script, snapshot: [])
  // Lines about our chains where we never have any are not kept.
  let again = try? IptablesSnapshot(copy).script
  let text = String(decoding: snapshot.script, as: UTF8.self)
  try require(again == snapshot.script, "a state of iptables is read as it was written", text)
}

/// The files of one machine, all with the same bytes.
private struct StateFiles {
  private let directory: StateDirectory
  private let scratch: Scratch

  init(_ bytes: [UInt8]) throws(BrokenLaw) {
    do {
      scratch = try Scratch()
      for name in [
        "state/history/000001.nft", "run/pending", "run/before.nft", "run/sysctls", "run/known",
      ] {
        try scratch.write(name, bytes)
      }
      directory = StateDirectory(
        persistent: "\(scratch.path)/state", volatile: "\(scratch.path)/run", isHome: false)
      try Link.replace(directory.history.acceptedPath, with: "history/000001.nft")
    } catch {
      throw BrokenLaw("files can be written", "\(error)")
    }
  }

  /// The one entry of the history.
  func entry() -> StateEntry? {
    // The files go with their directory.
    withExtendedLifetime(scratch) { try? directory.history.entry(1) }
  }

  /// The same as its own file has it.
  func storedEntry() -> StateEntry? {
    withExtendedLifetime(scratch) { try? directory.history.storedEntry(1) }
  }

  /// Reads whatever the commands read.
  func readAll() {
    let history = directory.history
    _ = try? history.items()
    _ = try? history.accepted()
    _ = try? history.lastSoundBeforeAccepted()
    _ = try? directory.applied()
    _ = try? directory.pending.read()
    _ = try? directory.pending.before()
    _ = try? directory.sysctls.read()
    _ = directory.known.read()
  }
}

/// The bytes with the last line that says their checksum.
private func resealed(_ bytes: [UInt8]) -> [UInt8] {
  let mark = Array("# crc64 ".utf8)
  // 16 digits and the line's end.
  let length = mark.count + 17
  let hasSeal = bytes.count >= length && bytes[(bytes.count - length)...].starts(with: mark)
  let text = hasSeal ? Array(bytes.dropLast(length)) : bytes
  return text + mark + Array("\(Checksum.text(Checksum()(text.span)))\n".utf8)
}
