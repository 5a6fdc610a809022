import Host
import KernelForm
import Lowering
import Netfilter
import NetlinkBackend
import NftablesBackend

/// One try to bring the host from the state that was just read to the one that is wanted.
struct ApplyStep {
  let application: Application
  let wish: Wish
  let comparison: Comparison
  let options: ApplyOptions
  /// The large sets of the state before, as far as they are known.
  let known: [KnownSet]

  var directory: StateDirectory { application.directory }

  private var changesNothing: Bool {
    comparison.plan.isEmpty && wish.settings.changes.isEmpty && wish.settings.withdrawals.isEmpty
  }

  /// Returns what was done; `nil` where somebody else changed rules first, so that nothing was.
  func run(_ session: inout NetlinkSession) throws(ApplyError) -> ApplyOutcome? {
    if changesNothing { return try settle(&session) }
    try requireConnectionLasts()
    var warnings: [String] = []
    let effect = isTold ? comparison.effect : nil
    guard var entry = try preparedEntry(&warnings) else {
      guard try change(&session, sending: { _ in }) else { return nil }
      let ended = endConnections(effect, &session, &warnings)
      return outcome(entry: nil, effect, ended: ended, warnings: warnings)
    }
    let number = entry.slot.number
    if options.confirmation != nil { try expectConfirmation(number, &session) }
    do throws(ApplyError) {
      guard try change(&session, sending: { entry.task?.begin($0()) }) else {
        try forgetConfirmation()
        return nil
      }
    } catch {
      try forgetConfirmation()
      throw error
    }
    let ended = endConnections(effect, &session, &warnings)
    store(entry, &session, &warnings)
    return outcome(entry: number, effect, ended: ended, warnings: warnings)
  }

  /// Nothing differs; the accepted state is made to say so where a crash kept it from it.
  private func settle(_ session: inout NetlinkSession) throws(ApplyError) -> ApplyOutcome {
    var warnings: [String] = []
    if acceptedIsSound { return outcome(entry: nil, warnings: warnings) }
    guard let entry = try preparedEntry(&warnings) else {
      return outcome(entry: nil, warnings: warnings)
    }
    let number = entry.slot.number
    store(entry, &session, &warnings)
    return outcome(entry: number, warnings: warnings)
  }

  /// Whether changes are told one by one: not where very many rules come to where none were, which
  /// would take longer than all the rest.
  private var isTold: Bool {
    options.isVerbose || !comparison.before.kernel.tables.isEmpty
      || comparison.plan.sizes.added <= Self.toldLimit
  }

  private static let toldLimit = 1000

  private func outcome(
    entry: Int?, _ effect: Effect? = nil, ended: Int = 0, warnings: [String]
  ) -> ApplyOutcome {
    ApplyOutcome(
      effect: effect,
      loaded: effect == nil && !changesNothing
        ? wish.compilation.policy.map(LoadedPolicy.init) : nil,
      settings: wish.settings.changes,
      missing: wish.settings.missing.map { "\(dotted($0.name)) = \($0.value)" },
      entry: entry, endedConnections: ended, warnings: warnings)
  }

  /// Ends what still runs through publishes that lead elsewhere now, or nowhere.
  private func endConnections(
    _ effect: Effect?, _ session: inout NetlinkSession, _ warnings: inout [String]
  ) -> Int {
    let filters = effect?.changes.cut.map(\.connections) ?? []
    if filters.isEmpty { return 0 }
    do throws(NetlinkError) {
      return try session.deleteConnections(matching: filters)
    } catch {
      warnings.append("connections to publishes that are gone may go on: \(error)")
      return 0
    }
  }
}

// MARK: - The change

extension ApplyStep {
  /// Changes settings and rules; `false` where somebody else changed rules first, so that nothing
  /// is changed.
  ///
  /// - Parameter sending: is called when large sets' elements are about to be sent, and may ask for
  ///   them.
  private func change(
    _ session: inout NetlinkSession, sending: (() -> SentElements) -> Void
  ) throws(ApplyError) -> Bool {
    let ledger = try onHost { () throws(HostError) in try directory.sysctls.read() }
    var transaction = SysctlTransaction(application.settings)
    try onHost { () throws(HostError) in
      try transaction.requireWritable(wish.settings.changes + wish.settings.withdrawals)
      try writeLedger(wish.settings.ledger + wish.settings.withdrawals)
    }
    do throws(ApplyError) {
      try onHost { () throws(HostError) in try transaction.withdraw(wish.settings.withdrawals) }
      try commit(comparison.plan, &session, sending)
    } catch {
      try takeBack(&transaction, ledger: ledger, because: error)
      if case .live(.kernel(let cause)) = error, cause.isStale { return false }
      throw error
    }
    do throws(HostError) {
      try transaction.perform(wish.settings.changes)
      try writeLedger(wish.settings.ledger)
      try writeDeferred(wish.settings.ofInterfaces)
    } catch {
      try restoreRules(&session, because: .host(error))
      try takeBack(&transaction, ledger: ledger, because: .host(error))
      throw .host(error)
    }
    return true
  }

  private func commit(
    _ plan: Plan, _ session: inout NetlinkSession, _ sending: (() -> SentElements) -> Void
  ) throws(ApplyError) {
    let generation = comparison.before.kernel.generation
    do throws(NetlinkError) {
      try session.commit(plan, generation: generation, sending: sending)
    } catch  where error.isRefusal {
      throw .live(.kernel(error))
    } catch {
      // The answer was lost. The rules themselves say whether the change was made.
      guard let now = try? session.read(table: tableName) else { throw .live(.kernel(error)) }
      if KernelForm.plan(from: now, to: comparison.after.kernel).isEmpty { return }
      throw .live(.kernel(error.ofNoChange))
    }
  }

  private func writeLedger(_ records: [SysctlRecord]) throws(HostError) {
    // At boot settings are made whether or not they can be written down.
    do throws(HostError) { try directory.sysctls.write(records) } catch {
      if !options.isBoot { throw error }
    }
  }

  /// An interface that goes may come again, so that those that are there count, too.
  private func writeDeferred(_ settings: [SysctlSetting]) throws(HostError) {
    guard directory.isHome else { return }
    do throws(HostError) { try DeferredSysctls().write(settings) } catch {
      if !options.isBoot { throw error }
    }
  }

  private func takeBack(
    _ transaction: inout SysctlTransaction, ledger: [SysctlRecord], because error: ApplyError
  ) throws(ApplyError) {
    do throws(HostError) {
      try transaction.revert()
      try writeLedger(ledger)
    } catch let failure {
      throw .halfway(error, undoing: .host(failure))
    }
  }

  /// Brings the rules back to what they were before this change.
  private func restoreRules(
    _ session: inout NetlinkSession, because error: ApplyError
  ) throws(ApplyError) {
    do throws(NetlinkError) {
      let now = try session.read(table: tableName)
      let back = plan(from: now, to: comparison.before.kernel)
      try session.commit(back, generation: now.generation)
    } catch let failure {
      throw .halfway(error, undoing: .live(.kernel(failure)))
    }
  }
}

// MARK: - Confirmation

extension ApplyStep {
  /// Sees to it that the change is undone in time, whatever becomes of this process.
  private func expectConfirmation(
    _ number: Int, _ session: inout NetlinkSession
  ) throws(ApplyError) {
    try application.expectConfirmation(
      of: number, within: options.confirmation ?? 0, making: wish.settings.changes,
      before: try stateBefore(&session))
  }

  private func forgetConfirmation() throws(ApplyError) {
    if options.confirmation != nil { try application.forgetConfirmation() }
  }

  private func stateBefore(
    _ session: inout NetlinkSession
  ) throws(ApplyError) -> StateEntry {
    let snapshot = try inKernel { () throws(NetlinkError) in
      try session.snapshot(table: tableName)
    }
    let header = StateHeader(
      time: WallTime.now, host: application.hostName, backend: .nft, policies: [],
      digest: SHA256Digest(of: []), sysctls: [])
    let decoded = ruleset(of: comparison.before.kernel).ruleset
    return StateEntry(header: header, script: nftScript(decoded), snapshot: snapshot)
  }

  /// Throws where the change would end the session of the user who asks for it.
  private func requireConnectionLasts() throws(ApplyError) {
    guard !options.isForced, options.confirmation == nil, !options.isBoot,
      let process = try? ProcessIdentity.current().process,
      let connection = SSHConnection.current(process: process),
      ConnectionSafety(comparison).cuts(connection)
    else { return }
    throw .cutsConnection(connection)
  }
}

extension CutPublish {
  /// What runs through the port.
  var connections: ConnectionFilter {
    ConnectionFilter(
      family: port.family, port.transport,
      destination: port.isOpened ? target.address : port.address, ports: port.ports,
      responder: target.address)
  }
}
