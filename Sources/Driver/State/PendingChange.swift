package import Host

/// A change that is undone unless somebody confirms it in time.
package struct PendingChange: Hashable, Sendable {
  /// The entry of the history that a confirmation accepts.
  package let number: Int
  /// When it is undone; of the boot that ``boot`` names.
  package let deadline: BootTime
  package let boot: BootIdentity
  /// The process that undoes it; `nil` while none was started.
  package var keeper: ProcessIdentity?
  /// The settings that the change makes, with what they were.
  package let sysctls: [SysctlRecord]
  /// The settings that were ours before the change.
  package let ledger: [SysctlRecord]

  package init(
    number: Int, deadline: BootTime, boot: BootIdentity, keeper: ProcessIdentity? = nil,
    sysctls: [SysctlRecord], ledger: [SysctlRecord]
  ) {
    self.number = number
    self.deadline = deadline
    self.boot = boot
    self.keeper = keeper
    self.sysctls = sysctls
    self.ledger = ledger
  }

  /// What is to be done about it now.
  ///
  /// - Parameter boot: The boot that this is asked in.
  package func status(at time: BootTime = .now, in boot: BootIdentity) -> Status {
    if boot != self.boot { return .void }
    return time < deadline ? .waiting : .overdue
  }

  /// What is to be done about a change.
  package enum Status: Hashable, Sendable {
    /// It can be confirmed.
    case waiting
    /// It is to be undone, by whoever sees this first.
    case overdue
    /// The machine was started anew, with the state before: there is nothing to undo.
    case void
  }
}

/// The change that waits for its confirmation, as files in the volatile directory.
package struct PendingStore: Hashable, Sendable {
  private let directory: String

  package init(directory: String) { self.directory = directory }

  private var path: String { "\(directory)/pending" }
  private var beforePath: String { "\(directory)/before.nft" }
  private static let form = SealedText("pending change")
  private static let mend =
    "look at the rules; then remove the file, and apply a policy or roll back"

  /// The change; `nil` where none waits.
  package func read() throws(HostError) -> PendingChange? {
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try FileStore().read(path).bytes
    } catch  where error.code == .notFound {
      return nil
    }
    do {
      let content = String(decoding: try Self.form.content(of: bytes), as: UTF8.self)
      return try PendingChange(content.split(separator: "\n"))
    } catch {
      throw HostError(error, in: path, mend: Self.mend)
    }
  }

  /// The state to go back to.
  package func before() throws(HostError) -> StateEntry {
    try FileStore(limit: History.sizeLimit).readState(beforePath, mend: Self.mend)
  }

  /// Records a change before it is made; from then on it is undone in time.
  package func begin(_ change: PendingChange, before: StateEntry) throws(HostError) {
    try Directory(directory).makePrivate()
    TemporaryFile.removeLeftovers(in: directory)
    try OutputFile(beforePath, isPrivate: true).write(before.encoded)
    try update(change)
  }

  /// Records what has changed about the change.
  package func update(_ change: PendingChange) throws(HostError) {
    var text = Self.form.begun(room: 256)
    text += Array(change.text.utf8)
    Self.form.seal(&text)
    try OutputFile(path, isPrivate: true).write(text)
  }

  /// Forgets the change: it was confirmed, undone, or never made.
  package func end() throws(HostError) {
    try OutputFile(path).remove()
    try OutputFile(beforePath).remove()
  }
}

extension PendingChange {
  fileprivate var text: String {
    var lines = ["number \(number)", "deadline \(deadline.nanoseconds)", "boot \(boot.text)"]
    if let keeper { lines.append("keeper \(keeper.process) \(keeper.startTicks)") }
    lines += sysctls.map { "sysctl \($0.text)" }
    lines += ledger.map { "ours \($0.text)" }
    return lines.map { "\($0)\n" }.joined()
  }

  fileprivate init(_ lines: [Substring]) throws(StateDamage) {
    var reader = StateLines(lines)
    let number = try reader.one("number") { Int($0) }
    let deadline = try reader.one("deadline") { UInt64($0) }
    let boot = try reader.one("boot", StateWord.plain)
    let keeper = try reader.all("keeper", Self.process).last
    self.init(
      number: number, deadline: BootTime(nanoseconds: deadline), boot: BootIdentity(text: boot),
      keeper: keeper, sysctls: try reader.all("sysctl") { SysctlRecord($0) },
      ledger: try reader.all("ours") { SysctlRecord($0) })
    try reader.end()
  }

  private static func process(_ text: String) -> ProcessIdentity? {
    let words = text.split(separator: " ")
    guard words.count == 2, let process = Int32(words[0]), let start = UInt64(words[1]) else {
      return nil
    }
    return ProcessIdentity(process: process, startTicks: start)
  }
}
