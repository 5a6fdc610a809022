package import Host

/// Changes of the rules of this host: each is made whole, or not at all.
package struct Application: Sendable {
  let directory: StateDirectory
  let settings: SysctlStore
  /// Nanoseconds to wait for another process that changes the rules.
  let patience: UInt64

  package init(
    directory: StateDirectory, settings: SysctlStore = SysctlStore(), patience: UInt64 = 0
  ) {
    self.directory = directory
    self.settings = settings
    self.patience = patience
  }

  /// Lets nobody else change the rules until the lock is gone, and settles what is overdue.
  func begin() throws(ApplyError) -> FileLock {
    let lock = try lock(patience)
    try settleOverdueChange()
    return lock
  }

  func lock(_ patience: UInt64) throws(ApplyError) -> FileLock {
    do throws(HostError) {
      let lock = try directory.lock(patience: patience)
      TemporaryFile.removeLeftovers(in: directory.volatile)
      return lock
    } catch {
      throw .host(error)
    }
  }

  /// Undoes a change that nobody confirmed in time and whose keeper is gone.
  private func settleOverdueChange() throws(ApplyError) {
    guard let change = try pendingChange() else { return }
    switch try status(of: change) {
    case .waiting: break
    case .overdue: try undo(change)
    case .void: try onHost { () throws(HostError) in try directory.pending.end() }
    }
  }

  /// The change that waits for its confirmation.
  func pendingChange() throws(ApplyError) -> PendingChange? {
    try onHost { () throws(HostError) in try directory.pending.read() }
  }

  func status(of change: PendingChange) throws(ApplyError) -> PendingChange.Status {
    // Whoever confirmed it was ended before saying so everywhere.
    if directory.history.acceptedNumber == change.number { return .void }
    let boot = try onHost { () throws(HostError) in try BootIdentity.current() }
    return change.status(in: boot)
  }

  /// Throws where a change waits for its confirmation.
  func requireNothingWaits() throws(ApplyError) {
    guard let change = try pendingChange() else { return }
    throw .waiting(seconds: change.deadline.remaining / 1_000_000_000)
  }
}

extension Application {
  /// Removes the oldest entries of the history; where that fails, they are only more than need be.
  func pruneHistory(_ warnings: inout [String]) {
    do throws(HostError) { try directory.history.prune() } catch {
      warnings.append("older entries of the history may be left over: \(error)")
    }
  }

  /// The name of the machine; empty where it is not told.
  var hostName: String {
    ((try? settings.valueIfPresent(of: "kernel/hostname")) ?? nil) ?? ""
  }
}
