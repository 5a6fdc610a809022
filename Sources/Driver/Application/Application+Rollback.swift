import Host
import KernelForm
import Lowering
import Netfilter
import NetlinkBackend

/// What going back came to.
package enum RollbackOutcome: Hashable, Sendable {
  /// A change that nobody had confirmed yet was undone.
  case undone
  /// The state of an entry of the history is in force again.
  case entry(Int)
}

extension Application {
  /// Goes back to a state that was in force before.
  ///
  /// - Parameter number: of the history; `nil` for a change that waits for its confirmation, or
  ///   where none does, for the entry before the accepted one.
  package func rollback(to number: Int? = nil) throws(ApplyError) -> RollbackOutcome {
    let lock = try lock(patience)
    defer { extendLifetime(lock) }
    if let change = try pendingChange() {
      if try status(of: change) == .void {
        try onHost { () throws(HostError) in try directory.pending.end() }
      } else {
        try undo(change)
        if number == nil { return .undone }
      }
    }
    let target = if let number { number } else { try entryBefore() }
    let entry = try onHost { () throws(HostError) in try directory.history.entry(target) }
    try load(entry)
    try onHost { () throws(HostError) in try directory.history.accept(target) }
    return .entry(target)
  }

  private func entryBefore() throws(ApplyError) -> Int {
    let items = try onHost { () throws(HostError) in try directory.history.items() }
    guard let accepted = items.first(where: \.isAccepted)?.number,
      let before = items.last(where: { $0.isConfirmed && $0.number < accepted })
    else { throw .nothingBefore }
    return before.number
  }

  /// Brings the accepted state into force, early at boot, when there are no rules of ours yet.
  ///
  /// - Returns: The warnings; `nil` where nothing was accepted yet.
  package func loadAccepted() throws(ApplyError) -> [String]? {
    let lock = try lock(patience)
    defer { extendLifetime(lock) }
    let damage: HostError
    switch accepted() {
    case .success(nil): return nil
    case .success(.some(let entry)):
      try load(entry)
      return []
    case .failure(let error): damage = error
    }
    guard damage.code == .damaged else { throw .host(damage) }
    let sound = try onHost { () throws(HostError) in
      try directory.history.lastSoundBeforeAccepted()
    }
    guard let sound else { throw .host(damage) }
    try load(sound.entry)
    return ["\(damage)", "entry \(sound.number) of the history is in force instead"]
  }

  private func accepted() -> Result<StateEntry?, HostError> {
    Result { () throws(HostError) in try directory.history.accepted() }
  }

  /// Makes rules and settings what an entry says; the caller holds the lock.
  private func load(_ entry: StateEntry) throws(ApplyError) {
    let wanted = entry.header.sysctls.map {
      SysctlSetting(name: $0.name, value: $0.value, reason: "the policy needs it")
    }
    var session = try inKernel { () throws(NetlinkError) in try NetlinkSession() }
    let ledger = try onHost { () throws(HostError) in try directory.sysctls.read() }
    let plan = try onHost { () throws(HostError) in
      try SysctlPlan(wanted, ledger: ledger, store: settings, advertised: [])
    }
    var transaction = SysctlTransaction(settings)
    do throws(ApplyError) {
      try onHost { () throws(HostError) in try transaction.withdraw(plan.withdrawals) }
      try inKernel { () throws(NetlinkError) in
        try session.restore(entry.snapshot, generation: nil)
      }
      try onHost { () throws(HostError) in try transaction.perform(plan.changes) }
    } catch {
      do throws(HostError) { try transaction.revert() } catch let failure {
        throw .halfway(error, undoing: .host(failure))
      }
      throw error
    }
    // Early at boot there may be no place to write to.
    try? directory.sysctls.write(plan.ledger)
    if directory.isHome { try? DeferredSysctls().write(plan.ofInterfaces) }
  }
}
