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

/// Rules that were in force before others, to go back to.
enum FormerRules {
  case nft(KernelRuleset)
  case iptables(IptablesLive, IptablesState)
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
    do throws(HostError) { try directory.history.accept(target) } catch {
      throw .notAccepted(target, error)
    }
    return .entry(target)
  }

  private func entryBefore() throws(ApplyError) -> Int {
    let items = try onHost { () throws(HostError) in try directory.history.items() }
    guard let accepted = items.first(where: \.isAccepted)?.number,
      let before = items.last(where: { $0.isConfirmed && $0.number < accepted })
    else { throw .nothingBefore }
    return before.number
  }

  /// Brings the accepted state into force, early at boot; leaves rules of ours alone that are there.
  ///
  /// - Returns: The warnings; `nil` where nothing was accepted yet.
  package func loadAccepted() throws(ApplyError) -> [String]? {
    let lock = try lock(patience)
    defer { extendLifetime(lock) }
    if let snapshot = try acceptedInIptables() {
      let chains = try inIptables { () throws(IptablesError) in try snapshot.live.read() }
      if !chains.isEmpty { return [] }
    } else if try hasTables() {
      return []
    }
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

  func hasTables() throws(ApplyError) -> Bool {
    var session = try inKernel { () throws(NetlinkError) in try NetlinkSession() }
    let live = try inKernel { () throws(NetlinkError) in try LiveRules.read(&session) }
    do throws(LiveError) { try live.requireOwnership() } catch { throw .live(error) }
    return !live.kernel.tables.isEmpty
  }

  private func accepted() -> Result<StateEntry?, HostError> {
    Result { () throws(HostError) in try directory.history.accepted() }
  }

  /// Makes rules and settings what an entry says; the caller holds the lock.
  private func load(_ entry: StateEntry) throws(ApplyError) {
    let wanted = entry.header.sysctls.map {
      SysctlSetting(name: $0.name, value: $0.value, reason: "the policy needs it")
    }
    let ledger = try onHost { () throws(HostError) in try directory.sysctls.read() }
    let plan = try onHost { () throws(HostError) in
      try SysctlPlan(wanted, ledger: ledger, store: settings, advertised: [])
    }
    var transaction = SysctlTransaction(settings)
    do throws(ApplyError) {
      let former = try restoreRules(of: entry) { () throws(ApplyError) in
        try onHost { () throws(HostError) in try transaction.withdraw(plan.withdrawals) }
      }
      do throws(ApplyError) {
        try onHost { () throws(HostError) in try transaction.perform(plan.changes) }
        try removeOthers(than: entry.header.backend)
      } catch {
        try putBack(former, because: error)
        throw error
      }
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

  /// Brings rules back that were in force before an entry's.
  private func putBack(_ former: FormerRules, because error: ApplyError) throws(ApplyError) {
    do throws(ApplyError) {
      switch former {
      case .nft(let rules):
        try inKernel { () throws(NetlinkError) in
          var session = try NetlinkSession()
          let now = try session.read(table: tableName)
          try session.commit(plan(from: now, to: rules), generation: now.generation)
        }
      case .iptables(let live, let rules):
        _ = try inIptables { () throws(IptablesError) in try live.become(rules) }
      }
    } catch let failure {
      throw .halfway(error, undoing: failure)
    }
  }

  /// Makes the rules of its backend what an entry says; returns what they were.
  ///
  /// - Parameter closing: Takes away the settings that those rules do without. Called as late as can
  ///   be: where the rules cannot even be read, the settings stay.
  @discardableResult
  func restoreRules(
    of entry: StateEntry, after closing: () throws(ApplyError) -> Void
  ) throws(ApplyError) -> FormerRules {
    switch entry.header.backend {
    case .nft:
      var session = try inKernel { () throws(NetlinkError) in try NetlinkSession() }
      return .nft(try restore(entry.snapshot, &session, after: closing))
    case .iptables:
      let snapshot = try onHost { () throws(HostError) in try IptablesSnapshot(entry) }
      let before = try inIptables { () throws(IptablesError) in try snapshot.live.read() }
      let ended = endedConnections(from: before, to: snapshot.state)
      try closing()
      _ = try inIptables { () throws(IptablesError) in try snapshot.live.become(snapshot.state) }
      // The rules are in force; a connection that goes on is no reason to say that they are not.
      var warnings: [String] = []
      end(ended, &warnings)
      return .iptables(snapshot.live, before)
    }
  }

  /// Two sets of rules would translate twice: where a way back leads to the other backend, what was
  /// in force is taken out.
  private func removeOthers(than backend: LiveBackend) throws(ApplyError) {
    switch backend {
    case .iptables:
      _ = try deleteTablesIfAny()
    case .nft:
      guard let snapshot = try acceptedInIptables() else { return }
      _ = try inIptables { () throws(IptablesError) in try snapshot.live.remove() }
    }
  }

  /// Makes the rules what a snapshot says, and ends what runs through publishes that it has not.
  ///
  /// - Returns: What the rules were.
  private func restore(
    _ snapshot: [UInt8], _ session: inout NetlinkSession,
    after closing: () throws(ApplyError) -> Void
  ) throws(ApplyError) -> KernelRuleset {
    let after = try inKernel { () throws(NetlinkError) in try KernelRuleset(snapshot: snapshot) }
    let before = try inKernel { () throws(NetlinkError) in try session.read(table: tableName) }
    // Found before the change: where memory is short, that ends here and not after it.
    let comparison = Comparison(
      from: Comparison.State(live: before), to: Comparison.State(live: after))
    let filters = comparison.effect.changes.cut.map(\.connections)
    try closing()
    do throws(NetlinkError) {
      try restore(snapshot, onto: before, &session)
    } catch {
      // The answer was lost. The rules themselves say whether the change was made.
      guard !error.isRefusal, let now = try? session.read(table: tableName) else {
        throw .live(.kernel(error))
      }
      if !plan(from: now, to: after).isEmpty { throw .live(.kernel(error.ofNoChange)) }
    }
    // The rules are in force; a connection that goes on is no reason to say that they are not.
    if !filters.isEmpty { _ = try? session.deleteConnections(matching: filters) }
    return before
  }

  private func restore(
    _ snapshot: [UInt8], onto before: KernelRuleset, _ session: inout NetlinkSession
  ) throws(NetlinkError) {
    if before.tables.isEmpty, let generation = before.generation {
      do throws(NetlinkError) {
        return try session.restore(snapshot, generation: generation, replacing: false)
      } catch {
        // Somebody else changed rules meanwhile.
        guard error.isStale else { throw error }
      }
    }
    try session.restore(snapshot, generation: nil)
  }
}
