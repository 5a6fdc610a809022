import Diagnostics
import Host
import KernelForm
import Lowering
import Netfilter
import NetlinkBackend
import PolicyModel

extension Application {
  /// Makes the host keep a policy by iptables.
  ///
  /// - Parameters:
  ///   - compilation: a policy without errors, of which iptables can keep all.
  ///   - digest: what tells its text from others.
  package func apply(
    _ compilation: Compilation, _ digest: SHA256Digest, by iptables: IptablesLive,
    _ options: ApplyOptions = ApplyOptions()
  ) throws(ApplyError) -> IptablesOutcome {
    let files = compilation.filesWritableByOthers
    guard files.isEmpty else { throw .writableFiles(files) }
    guard let ruleset = compilation.ruleset, let policy = compilation.policy else {
      preconditionFailure("a policy without errors has rules")
    }
    let lock = try begin()
    defer { extendLifetime(lock) }
    try requireNothingWaits()
    if options.isBoot { try requireLasting(digest) }
    try requireNoTables()
    let before = try inIptables { () throws(IptablesError) in try iptables.read() }
    let plan = try settingsPlan(for: policy)
    let header = self.header(of: compilation, digest, settings: plan, backend: .iptables)
    let step = IptablesStep(
      application: self, iptables: iptables, before: before,
      wanted: IptablesState(of: ruleset), compilation: compilation, settings: plan,
      header: header, options: options)
    return try step.run()
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

  /// Throws where rules of ours are in iptables.
  func requireNoChains() throws(ApplyError) {
    guard let snapshot = try acceptedInIptables() else { return }
    let chains = try inIptables { () throws(IptablesError) in try snapshot.live.read() }
    if !chains.isEmpty { throw .iptablesInForce }
  }

  /// What the accepted state says of itself; `nil` where there is none, or it is damaged.
  func acceptedHeader() throws(ApplyError) -> StateHeader? {
    try onHost { () throws(HostError) in
      try directory.history.items().first(where: \.isAccepted)?.header
    }
  }

  /// The accepted state, where it is one of iptables and sound.
  func acceptedInIptables() throws(ApplyError) -> IptablesSnapshot? {
    guard try acceptedHeader()?.backend == .iptables,
      let entry = (try? directory.history.accepted()) ?? nil
    else { return nil }
    return try? IptablesSnapshot(entry)
  }
}

/// What applying a policy by iptables came to.
package struct IptablesOutcome: Sendable {
  /// What was different.
  package let comparison: IptablesComparison
  /// Whether nothing was, settings included.
  package let isSame: Bool
  /// The settings of interfaces that are not there yet, each as `name = value`.
  package let missing: [String]
  /// The entry of the history; `nil` where nothing had changed, or nothing could be written.
  package let entry: Int?
  /// What went wrong without keeping the rules from being in force.
  package let warnings: [String]
}
