import Host
import KernelForm
import Lowering
import Netfilter
import NetlinkBackend

/// A change of our chains in iptables, with what it takes to go back.
struct IptablesStep {
  let application: Application
  let iptables: IptablesLive
  let before: IptablesState
  let wanted: IptablesState
  let compilation: Compilation
  let settings: SysctlPlan
  let header: StateHeader
  let options: ApplyOptions

  private var directory: StateDirectory { application.directory }

  func run() throws(ApplyError) -> IptablesOutcome {
    let comparison = IptablesComparison(from: before, to: wanted)
    let isSame =
      comparison.isSame && settings.changes.isEmpty && settings.withdrawals.isEmpty
    let entry = StateEntry(
      header: header, script: IptablesSnapshot(programs: iptables.programs, state: wanted).script,
      snapshot: [])
    if isSame, acceptedIsThis { return outcome(comparison, isSame: true) }
    if !isSame { try requireConnectionLasts(comparison) }
    var warnings: [String] = []
    let ended = endedConnections(from: before, to: wanted)
    guard let slot = try preparedSlot(entry, &warnings) else {
      if !isSame { try change() }
      application.end(ended, &warnings)
      return outcome(comparison, isSame: isSame, warnings: warnings)
    }
    let number = slot.number
    if !isSame, let seconds = options.confirmation {
      try application.expectConfirmation(
        of: number, within: seconds, making: settings.changes, before: stateBefore)
    }
    do throws(ApplyError) {
      if !isSame { try change() }
    } catch {
      try application.forgetConfirmation()
      throw error
    }
    application.end(ended, &warnings)
    store(slot, entry, isAwaited: !isSame && options.confirmation != nil, &warnings)
    return outcome(comparison, isSame: isSame, entry: number, warnings: warnings)
  }

  private func outcome(
    _ comparison: IptablesComparison, isSame: Bool, entry: Int? = nil, warnings: [String] = []
  ) -> IptablesOutcome {
    IptablesOutcome(
      comparison: comparison, isSame: isSame,
      missing: settings.missing.map { "\(dotted($0.name)) = \($0.value)" }, entry: entry,
      warnings: warnings)
  }

  /// Whether the next boot would load what is wanted.
  private var acceptedIsThis: Bool {
    guard let accepted = (try? application.acceptedHeader()) ?? nil else { return false }
    return accepted.backend == .iptables && accepted.digest == header.digest
  }

  private var stateBefore: StateEntry {
    let header = StateHeader(
      time: WallTime.now, host: application.hostName, backend: .iptables, policies: [],
      digest: SHA256Digest(of: []), sysctls: [])
    let snapshot = IptablesSnapshot(programs: iptables.programs, state: before)
    return StateEntry(header: header, script: snapshot.script, snapshot: [])
  }

  /// Throws where the change would end the session of the user who asks for it.
  private func requireConnectionLasts(_ comparison: IptablesComparison) throws(ApplyError) {
    guard !comparison.isSame, !options.isForced, options.confirmation == nil, !options.isBoot,
      let process = try? ProcessIdentity.current().process,
      let connection = SSHConnection.current(process: process),
      let state = Comparison.State(compilation)
    else { return }
    // What chains do is known of the policy alone: as if nothing had been there.
    let change = Comparison(from: Comparison.State(live: KernelRuleset()), to: state)
    if ConnectionSafety(change).cuts(connection) { throw .cutsConnection(connection) }
  }
}

extension Application {
  /// Ends what still runs through ports that lead elsewhere now, or nowhere.
  func end(_ filters: [ConnectionFilter], _ warnings: inout [String]) {
    if filters.isEmpty { return }
    do throws(NetlinkError) {
      var session = try NetlinkSession()
      _ = try session.deleteConnections(matching: filters)
    } catch {
      warnings.append("connections to publishes that are gone may go on: \(error)")
    }
  }
}

// MARK: - The change

extension IptablesStep {
  private func change() throws(ApplyError) {
    let ledger = try onHost { () throws(HostError) in try directory.sysctls.read() }
    var transaction = SysctlTransaction(application.settings)
    do throws(ApplyError) {
      try onHost { () throws(HostError) in
        try transaction.requireWritable(settings.changes + settings.withdrawals)
        // Written before the settings are made: a crash in between leaves nothing unaccounted for.
        try writeLedger(settings.ledger + settings.withdrawals)
        try transaction.withdraw(settings.withdrawals)
      }
      _ = try inIptables { () throws(IptablesError) in try iptables.become(wanted) }
      try onHost { () throws(HostError) in
        try transaction.perform(settings.changes)
        try writeLedger(settings.ledger)
        try writeDeferred()
      }
    } catch {
      try takeBack(&transaction, ledger, because: error)
      throw error.afterTakingBack
    }
  }

  private func takeBack(
    _ transaction: inout SysctlTransaction, _ ledger: [SysctlRecord], because error: ApplyError
  ) throws(ApplyError) {
    // A ledger that cannot be written is no reason to leave the rules.
    let settings = Result { () throws(ApplyError) in
      try onHost { () throws(HostError) in
        try transaction.revert()
        try writeLedger(ledger)
      }
    }
    do throws(ApplyError) {
      _ = try inIptables { () throws(IptablesError) in try iptables.become(before) }
      try settings.get()
    } catch let failure {
      throw .halfway(error, undoing: failure)
    }
  }

  private func writeLedger(_ records: [SysctlRecord]) throws(HostError) {
    // At boot settings are made whether or not they can be written down.
    do throws(HostError) { try directory.sysctls.write(records) } catch {
      if !options.isBoot { throw error }
    }
  }

  private func writeDeferred() throws(HostError) {
    guard directory.isHome else { return }
    do throws(HostError) { try DeferredSysctls().write(settings.ofInterfaces) } catch {
      if !options.isBoot { throw error }
    }
  }
}

extension ApplyError {
  /// The same, where what could not be put back at once was put back after all.
  fileprivate var afterTakingBack: ApplyError {
    guard case .iptables(.refused(let program, let complaint, .broken)) = self else { return self }
    return .iptables(.refused(program: program, complaint: complaint, .restored))
  }
}

// MARK: - What outlives the change

extension IptablesStep {
  /// Room for an entry of the history; `nil` at boot where there is none.
  private func preparedSlot(
    _ entry: StateEntry, _ warnings: inout [String]
  ) throws(ApplyError) -> HistorySlot? {
    let size = StateEntry.room(script: entry.script.count, snapshot: 0)
    do throws(HostError) {
      // Once the rules are changed, it would be too late.
      try Heap.require(size * Self.memoryPerByte, to: "apply the policy")
      return try directory.history.prepare(size: size)
    } catch {
      guard options.isBoot else { throw .host(error) }
      warnings.append("the state is not kept for the next boot: \(error)")
      return nil
    }
  }

  /// What the programs are told, what is kept, as text and as the bytes of a file, and as much again.
  private static let memoryPerByte = 8

  /// Keeps the state that is in force now; where that fails, it is in force all the same.
  private func store(
    _ slot: consuming HistorySlot, _ entry: StateEntry, isAwaited: Bool,
    _ warnings: inout [String]
  ) {
    do throws(HostError) {
      let number = try slot.store(entry)
      if isAwaited { return }
      try directory.history.accept(number)
    } catch {
      warnings.append("the rules are in force, but not kept for the next boot: \(error)")
      return
    }
    application.pruneHistory(&warnings)
  }
}
