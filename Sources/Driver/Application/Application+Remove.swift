import Host
import KernelForm
import Netfilter
import NetlinkBackend

/// What taking everything out came to.
package struct RemovalOutcome: Hashable, Sendable {
  /// Whether there were rules of ours.
  package let hadRules: Bool
  /// The settings that were put back.
  package let settings: [String]
  /// The settings that somebody else has set since, and that were left alone.
  package let leftAlone: [String]
  /// The settings of interfaces that are not there: nothing was to be put back.
  package let absent: [String]
  /// How many connections were being translated, which may end now that our rules are gone.
  package let translatedConnections: Int
}

extension Application {
  /// Takes out everything of ours, and puts settings back to what they were.
  ///
  /// - Parameter iptables: looked into as well, where the programs are there.
  package func remove(_ iptables: IptablesLive) throws(ApplyError) -> RemovalOutcome {
    let lock = try begin()
    defer { extendLifetime(lock) }
    let waiting = try pendingChange()
    let ledger = try onHost { () throws(HostError) in try directory.sysctls.read() }
    var transaction = SysctlTransaction(settings)
    let translated = countTranslatedConnections()
    // Whoever applied them may have named another variant.
    let used = try acceptedInIptables()?.live
    // Where the tables cannot even be read, the settings stay all the while.
    if used == nil { _ = try hasTables() }
    let hadRules = try withoutSettings(ledger, &transaction) { hadTables throws(ApplyError) in
      hadTables = try used == nil ? deleteTables() : deleteTablesIfAny()
      guard let used else { return try removeChains(iptables) || hadTables }
      let hadChains = try removeChains(used)
      // A variant that cannot be read here is not the one that was used.
      return try removeChains(iptables, unlessUnreadable: true) || hadChains || hadTables
    }
    let taken = transaction.taken.map(\.name)
    let absent = ledger.map(\.name).filter { !isThere($0) }
    // Until here its keeper undoes it if this fails.
    waiting?.keeper?.terminate()
    try onHost { () throws(HostError) in
      if waiting != nil { try directory.pending.end() }
      try directory.sysctls.write([])
      if directory.isHome { try DeferredSysctls().write([]) }
      try directory.history.acceptNothing()
    }
    return RemovalOutcome(
      hadRules: hadRules,
      settings: ledger.map(\.name).filter { !taken.contains($0) && !absent.contains($0) },
      leftAlone: taken, absent: absent,
      translatedConnections: hadRules ? translated : 0)
  }

  private func isThere(_ setting: String) -> Bool {
    ((try? settings.valueIfPresent(of: setting)) ?? nil) != nil
  }

  // Not to know is no reason to leave the rules in.
  private func countTranslatedConnections() -> Int {
    do throws(NetlinkError) {
      var session = try NetlinkSession()
      return try session.countTranslatedConnections()
    } catch {
      return 0
    }
  }

  /// Puts settings back, then takes the rules out; with an error, neither is done.
  ///
  /// - Parameter removal: Returns whether there were rules, and says so as soon as some are gone:
  ///   what is open for them is not opened again then.
  private func withoutSettings(
    _ ledger: [SysctlRecord], _ transaction: inout SysctlTransaction,
    _ removal: (inout Bool) throws(ApplyError) -> Bool
  ) throws(ApplyError) -> Bool {
    var isBegun = false
    do throws(ApplyError) {
      try onHost { () throws(HostError) in try transaction.withdraw(ledger.reversed()) }
      return try removal(&isBegun)
    } catch {
      if isBegun { throw error }
      do throws(HostError) { try transaction.revert() } catch let failure {
        throw .halfway(error, undoing: .host(failure))
      }
      throw error
    }
  }

  private func removeChains(
    _ iptables: IptablesLive, unlessUnreadable isUnsure: Bool = false
  ) throws(ApplyError) -> Bool {
    do throws(IptablesError) {
      if isUnsure, (try? iptables.read()) == nil { return false }
      if try iptables.read().isEmpty { return false }
      try iptables.remove()
      return true
    } catch {
      if case .host(let cause) = error, cause.code == .notFound { return false }
      throw .iptables(error)
    }
  }

  /// Where rules of ours are in iptables: a kernel without nf_tables has no table of ours.
  func deleteTablesIfAny() throws(ApplyError) -> Bool {
    do throws(ApplyError) { return try deleteTables() } catch {
      guard case .live(.kernel(let cause)) = error, cause.isUnsupported else { throw error }
      return false
    }
  }

  func deleteTables() throws(ApplyError) -> Bool {
    var session = try inKernel { () throws(NetlinkError) in try NetlinkSession() }
    let live = try inKernel { () throws(NetlinkError) in try LiveRules.read(&session) }
    do throws(LiveError) { try live.requireOwnership() } catch { throw .live(error) }
    if live.kernel.tables.isEmpty { return false }
    let removal = plan(from: live.kernel, to: KernelRuleset())
    try inKernel { () throws(NetlinkError) in
      try session.commit(removal, generation: live.kernel.generation)
    }
    return true
  }
}
