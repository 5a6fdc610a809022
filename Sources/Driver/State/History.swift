package import Host

/// The states that were applied, by number, and the one that is loaded at boot.
///
/// An entry is a file `history/000007.nft`; `accepted.nft` is a link to the one that counts. Entries
/// that nobody confirmed yet are called `000007.unconfirmed.nft`.
package struct History: Hashable, Sendable {
  /// How many entries are kept, besides the accepted one.
  package static let limit = 20

  private let directory: String

  package init(directory: String) { self.directory = directory }

  /// The file that is loaded at boot.
  package var acceptedPath: String { "\(directory)/accepted.nft" }

  private var folder: String { "\(directory)/history" }

  /// The elements of large sets, which entries share.
  package var elements: ElementStore { ElementStore(directory: "\(directory)/elements") }

  /// The entries, the oldest first. Reads headers only: an entry whose header is fine may be damaged
  /// all the same.
  package func items() throws(HostError) -> [HistoryItem] {
    let accepted = try readAcceptedNumber()
    return try names().map { name in
      HistoryItem(
        number: name.number, isConfirmed: name.isConfirmed, isAccepted: name.number == accepted,
        header: header(of: name))
    }
  }

  /// The state of one entry.
  ///
  /// - Throws: ``HostError/Code/notFound`` where there is none of this number,
  ///   ``HostError/Code/damaged`` where it cannot be trusted.
  package func entry(_ number: Int) throws(HostError) -> StateEntry {
    try storedEntry(number).whole(elements)
  }

  /// One entry as its own file has it, without what is kept elsewhere.
  package func storedEntry(_ number: Int) throws(HostError) -> StateEntry {
    guard let name = try names().first(where: { $0.number == number }) else {
      throw HostError(
        .notFound, "find entry \(number) of the history",
        advice: "choose one that `bridgeward history` lists")
    }
    return try read(name)
  }

  /// The state that is loaded at boot; `nil` where nothing was accepted yet.
  package func accepted() throws(HostError) -> StateEntry? {
    try storedAccepted()?.whole(elements)
  }

  /// The same as its own file has it, without what is kept elsewhere.
  package func storedAccepted() throws(HostError) -> StateEntry? {
    do throws(HostError) {
      return try FileStore(limit: Self.sizeLimit).readState(
        acceptedPath, mend: "apply the policy again, or go back with `bridgeward rollback NUMBER`")
    } catch  where error.code == .notFound {
      return nil
    }
  }

  /// The number of the state that is loaded at boot; `nil` where there is none in the history.
  package var acceptedNumber: Int? { try? readAcceptedNumber() }

  private func readAcceptedNumber() throws(HostError) -> Int? {
    let target: String
    do throws(HostError) {
      target = try Link.target(of: acceptedPath)
    } catch  where error.code == .notFound {
      return nil
    }
    return target.split(separator: "/").last.flatMap { EntryName(String($0)) }?.number
  }

  /// The newest sound state that was confirmed before the accepted one, which is damaged.
  package func lastSoundBeforeAccepted() throws(HostError) -> (number: Int, entry: StateEntry)? {
    let limit = acceptedNumber ?? .max
    for name in try names().reversed() where name.isConfirmed && name.number < limit {
      if let entry = try? read(name).whole(elements) { return (name.number, entry) }
    }
    return nil
  }

  /// Whether a policy was tried after the accepted state and did not last: nobody confirmed it, or
  /// somebody went back from it. It must not come into force by itself at the next boot.
  package func wasAbandoned(_ digest: SHA256Digest) throws(HostError) -> Bool {
    guard let accepted = acceptedNumber else { return false }
    let items = try items()
    let isAccepted = items.contains { $0.number == accepted && $0.header?.digest == digest }
    return !isAccepted && items.contains { $0.number > accepted && $0.header?.digest == digest }
  }

  /// Entries are our own files: they may be larger than a policy.
  static let sizeLimit = 1 << 30

  private func read(_ name: EntryName) throws(HostError) -> StateEntry {
    try FileStore(limit: Self.sizeLimit).readState(
      path(of: name), mend: "remove the file, and choose another entry of `bridgeward history`")
  }

  private func header(of name: EntryName) -> StateHeader? {
    guard let start = try? FileStore().readStart(of: path(of: name), count: 1 << 16) else {
      return nil
    }
    return try? StateEntry.header(ofPart: start)
  }
}

/// One entry of the history, as a list shows it.
package struct HistoryItem: Hashable, Sendable {
  package let number: Int
  /// Whether it was applied for good: without `--confirm`, or confirmed.
  package let isConfirmed: Bool
  /// Whether it is what the next boot loads.
  package let isAccepted: Bool
  /// `nil` where the file is damaged.
  package let header: StateHeader?
}

// MARK: - Changes; the caller holds the lock

extension History {
  /// Reserves the room for a further entry, before anything is changed.
  ///
  /// - Parameter size: At least what the entry will take: see ``StateEntry/room(script:snapshot:)``.
  /// - Throws: Where the directory cannot be written or has no room.
  package func prepare(size: Int) throws(HostError) -> HistorySlot {
    for path in [directory, folder] {
      try Directory(path).makePrivate()
      TemporaryFile.removeLeftovers(in: path)
    }
    let last = max(try names().last?.number ?? 0, try readAcceptedNumber() ?? 0)
    return HistorySlot(
      file: try ReservedFile(in: folder, size: size), number: last + 1, folder: folder)
  }

  /// Makes an entry the one that is loaded at boot, and confirmed.
  package func accept(_ number: Int) throws(HostError) {
    guard let name = try names().first(where: { $0.number == number }) else {
      throw HostError(
        .notFound, "accept entry \(number) of the history", advice: "apply the policy again")
    }
    let confirmed = EntryName(number: number, isConfirmed: true)
    if !name.isConfirmed { try OutputFile(path(of: name)).rename(to: path(of: confirmed)) }
    try Link.replace(acceptedPath, with: "history/\(confirmed.text)")
  }

  /// Forgets which state is loaded at boot: the next boot loads none.
  package func acceptNothing() throws(HostError) { try OutputFile(acceptedPath).remove() }

  /// Removes the oldest entries beyond ``limit``, never the accepted one.
  package func prune() throws(HostError) {
    let accepted = try readAcceptedNumber()
    for name in try names().dropLast(Self.limit) where name.number != accepted {
      try OutputFile(path(of: name)).remove()
    }
    let headers = try names().map { header(of: $0) }
    // What an entry needs whose header is damaged nobody knows.
    guard headers.allSatisfy({ $0 != nil }) else { return }
    try elements.prune(keeping: Set(headers.compactMap(\.self).flatMap(\.elements).map(\.id)))
  }

  private func names() throws(HostError) -> [EntryName] {
    let names: [String]
    do throws(HostError) {
      names = try Directory(folder).names()
    } catch  where error.code == .notFound {
      return []
    }
    return names.compactMap(EntryName.init).sorted {
      ($0.number, $0.isConfirmed ? 1 : 0) < ($1.number, $1.isConfirmed ? 1 : 0)
    }
  }

  private func path(of name: EntryName) -> String { "\(folder)/\(name.text)" }
}

/// Room for one further entry of the history; let go of, it leaves nothing behind.
package struct HistorySlot: ~Copyable {
  private let file: ReservedFile
  /// The number that the entry will have.
  package let number: Int
  private let folder: String

  init(file: consuming ReservedFile, number: Int, folder: String) {
    self.file = file
    self.number = number
    self.folder = folder
  }

  /// Makes `entry` a part of the history, not confirmed yet; returns its number.
  ///
  /// Fails for want of room only where it takes more than was reserved.
  package consuming func store(_ entry: StateEntry) throws(HostError) -> Int {
    let number = number
    let name = EntryName(number: number, isConfirmed: false)
    let path = "\(folder)/\(name.text)"
    try file.publish(entry.encoded, as: path)
    return number
  }
}

/// The name of an entry's file.
private struct EntryName {
  let number: Int
  let isConfirmed: Bool

  init(number: Int, isConfirmed: Bool) {
    self.number = number
    self.isConfirmed = isConfirmed
  }

  init?(_ name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    // A number beyond would leave none for the next entry.
    guard let number = parts.first.flatMap({ Int($0) }), 1..<Int(Int32.max) ~= number else {
      return nil
    }
    self.init(number: number, isConfirmed: parts.count == 2)
    guard text == name else { return nil }
  }

  var text: String {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    return "\(padded)\(isConfirmed ? "" : ".unconfirmed").nft"
  }
}
