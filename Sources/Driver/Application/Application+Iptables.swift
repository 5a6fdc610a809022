import Host
import KernelForm
import Lowering
import Netfilter
import NetlinkBackend
import PolicyModel

extension Application {
  /// Makes the host keep a policy by iptables.
  ///
  /// - Parameter compilation: a policy without errors, of which iptables can keep all.
  /// - Returns: what was different.
  package func apply(
    _ compilation: Compilation, by iptables: IptablesLive
  ) throws(ApplyError) -> IptablesComparison {
    let files = compilation.filesWritableByOthers
    guard files.isEmpty else { throw .writableFiles(files) }
    guard let ruleset = compilation.ruleset, let policy = compilation.policy else {
      preconditionFailure("a policy without errors has rules")
    }
    let lock = try begin()
    defer { extendLifetime(lock) }
    try requireNothingWaits()
    try requireNoTables()
    let before = try inIptables { () throws(IptablesError) in try iptables.read() }
    let ledger = try onHost { () throws(HostError) in try directory.sysctls.read() }
    let plan = try onHost { () throws(HostError) in
      try SysctlPlan(
        requiredSysctls(policy), ledger: ledger, store: settings,
        advertised: try RouterAdvertisedRoutes.interfaces())
    }
    var transaction = SysctlTransaction(settings)
    do throws(ApplyError) {
      try onHost { () throws(HostError) in
        try transaction.requireWritable(plan.changes + plan.withdrawals)
        try transaction.withdraw(plan.withdrawals)
      }
      let comparison = try inIptables { () throws(IptablesError) in try iptables.apply(ruleset) }
      try onHost { () throws(HostError) in
        try transaction.perform(plan.changes)
        try directory.sysctls.write(plan.ledger)
        if directory.isHome { try DeferredSysctls().write(plan.missing) }
      }
      return comparison
    } catch {
      try takeBack(&transaction, before, iptables, because: error)
      throw error
    }
  }

  private func takeBack(
    _ transaction: inout SysctlTransaction, _ before: IptablesState, _ iptables: IptablesLive,
    because error: ApplyError
  ) throws(ApplyError) {
    do throws(ApplyError) {
      try onHost { () throws(HostError) in try transaction.revert() }
      _ = try inIptables { () throws(IptablesError) in try iptables.become(before) }
    } catch let failure {
      throw .halfway(error, undoing: failure)
    }
  }

  private func requireNoTables() throws(ApplyError) {
    let tables: Int
    do throws(NetlinkError) {
      var session = try NetlinkSession()
      tables = try session.read(table: tableName).tables.count
    } catch {
      // A kernel without nf_tables has no table of ours.
      if error.isUnsupported { return }
      throw .live(.kernel(error))
    }
    if tables > 0 { throw .otherBackend }
  }
}
