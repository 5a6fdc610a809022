import Host
import NetlinkBackend

extension Application {
  /// Accepts the change that waits for it; returns the number of its entry.
  package func confirm() throws(ApplyError) -> Int {
    let lock = try lock(patience)
    defer { extendLifetime(lock) }
    guard let change = try pendingChange() else { throw .nothingWaits }
    switch try status(of: change) {
    case .waiting: break
    case .overdue:
      try undo(change)
      throw .tooLate
    case .void:
      try onHost { () throws(HostError) in try directory.pending.end() }
      guard directory.history.acceptedNumber == change.number else { throw .nothingWaits }
      return change.number
    }
    try onHost { () throws(HostError) in
      try directory.history.accept(change.number)
      try directory.pending.end()
    }
    // The next change removes what is left over.
    try? directory.history.prune()
    change.keeper?.terminate()
    return change.number
  }

  /// Waits for the confirmation of a change, and undoes it if none comes in time.
  ///
  /// Runs in a process of its own, which outlives the one that made the change.
  package func keep(_ number: Int) throws(ApplyError) {
    var attempts = 0
    while true {
      do throws(ApplyError) { return try keepOnce(number) } catch {
        attempts += 1
        guard attempts < Self.keepingAttempts else { throw error }
        // Whoever is locked out has nobody else to undo it.
        BootTime.sleep(until: BootTime.now.advanced(by: 1_000_000_000))
      }
    }
  }

  /// Ten minutes of trying once a second.
  private static let keepingAttempts = 600

  private func keepOnce(_ number: Int) throws(ApplyError) {
    while let change = try pendingChange(), change.number == number {
      guard try status(of: change) == .waiting else {
        return try undoOverdue(number)
      }
      BootTime.sleep(until: change.deadline)
    }
  }

  private func undoOverdue(_ number: Int) throws(ApplyError) {
    // Somebody may be in the middle of confirming, or of a further change.
    let lock = try lock(60_000_000_000)
    defer { extendLifetime(lock) }
    guard let change = try pendingChange(), change.number == number else { return }
    switch try status(of: change) {
    case .waiting, .overdue: try undo(change)
    case .void: try onHost { () throws(HostError) in try directory.pending.end() }
    }
  }

  /// Brings rules and settings back to what they were before a change; the caller holds the lock.
  func undo(_ change: PendingChange) throws(ApplyError) {
    let before = try onHost { () throws(HostError) in try directory.pending.before() }
    var transaction = SysctlTransaction(settings)
    do throws(ApplyError) {
      try restoreRules(of: before) { () throws(ApplyError) in
        try onHost { () throws(HostError) in
          try transaction.withdraw(change.sysctls.reversed())
        }
      }
    } catch {
      // The rules that are in force need their settings, until somebody tries again.
      do throws(HostError) { try transaction.revert() } catch let failure {
        throw .halfway(error, undoing: .host(failure))
      }
      throw error
    }
    let lost = try onHost { () throws(HostError) in try withdrawn(from: change.ledger) }
    try onHost { () throws(HostError) in
      try transaction.perform(lost)
      try directory.sysctls.write(change.ledger)
      try directory.pending.end()
    }
    if change.keeper?.process != (try? ProcessIdentity.current().process) {
      change.keeper?.terminate()
    }
  }

  /// Sees to it that a change is undone in time, whatever becomes of this process.
  ///
  /// - Parameters:
  ///   - number: The entry that a confirmation accepts.
  ///   - sysctls: The settings that the change makes.
  ///   - before: The state to go back to.
  func expectConfirmation(
    of number: Int, within seconds: UInt64, making sysctls: [SysctlRecord], before: StateEntry
  ) throws(ApplyError) {
    do throws(HostError) {
      var change = PendingChange(
        number: number, deadline: BootTime.now.advanced(by: seconds * 1_000_000_000),
        boot: try BootIdentity.current(), sysctls: sysctls,
        ledger: try directory.sysctls.read())
      try directory.pending.begin(change, before: before)
      change.keeper = try DetachedProcess.start(
        try DetachedProcess.ownProgram(),
        ["keep", "\(number)", "--state-dir", directory.persistent])
      try directory.pending.update(change)
    } catch {
      try forgetConfirmation()
      throw .host(error)
    }
  }

  /// Forgets a change that was not made after all.
  func forgetConfirmation() throws(ApplyError) {
    guard let change = try pendingChange() else { return }
    change.keeper?.terminate()
    try onHost { () throws(HostError) in try directory.pending.end() }
  }

  /// The settings of a ledger that have another value now.
  private func withdrawn(
    from ledger: [SysctlRecord]
  ) throws(HostError) -> [SysctlRecord] {
    var result: [SysctlRecord] = []
    for record in ledger {
      guard let now = try settings.valueIfPresent(of: record.name), now != record.value else {
        continue
      }
      result.append(record)
    }
    return result
  }
}
