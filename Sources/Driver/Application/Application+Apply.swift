import Diagnostics
import Host
import KernelForm
import Lowering
import Netfilter
import NetlinkBackend
import NftablesBackend
import PolicyModel

extension Application {
  /// How often a change is tried that others were faster than.
  private static let attempts = 16

  /// Makes the host keep a policy.
  ///
  /// - Parameters:
  ///   - compilation: a policy without errors.
  ///   - digest: what tells its text from others.
  package func apply(
    _ compilation: Compilation, _ digest: SHA256Digest, _ options: ApplyOptions
  ) throws(ApplyError) -> ApplyOutcome {
    let files = compilation.filesWritableByOthers
    guard files.isEmpty else { throw .writableFiles(files) }
    let lock = try begin()
    defer { extendLifetime(lock) }
    try requireNothingWaits()
    if options.isBoot { try requireLasting(digest) }
    try requireNoChains()
    try requireMemory(for: compilation)
    let wish = try wish(for: compilation, digest)
    var session = try inKernel { () throws(NetlinkError) in try NetlinkSession() }
    let known = directory.knownSets(&session)
    for _ in 0..<Self.attempts {
      let outcome = try attempt(wish, options, knowing: known, &session)
      if let outcome { return outcome }
    }
    throw .outpaced
  }

  /// Returns what was done; `nil` where others changed rules meanwhile, so that nothing was.
  private func attempt(
    _ wish: Wish, _ options: ApplyOptions, knowing known: KnownSets?,
    _ session: inout NetlinkSession
  ) throws(ApplyError) -> ApplyOutcome? {
    do throws(ApplyError) {
      let live = try inKernel { () throws(NetlinkError) in
        try LiveRules.read(&session, knowing: known?.contents)
      }
      try requireOwnership(of: live)
      let comparison = Comparison(from: Comparison.State(live: live.kernel), to: wish.state)
      let step = ApplyStep(
        application: self, wish: wish, comparison: comparison, options: options,
        known: known?.sets(at: live.kernel.generation) ?? [])
      return try step.run(&session)
    } catch {
      // Rules are read before they are changed, and reading was tried often enough.
      if case .live(.kernel(let cause)) = error, cause.isOvertaken { throw .outpaced }
      throw error
    }
  }

  /// Throws where there is too little memory for what is sent and kept, beside what was compiled.
  private func requireMemory(for compilation: Compilation) throws(ApplyError) {
    let length = compilation.sources.files.reduce(0) { $0 + $1.bytes.count }
    try onHost { () throws(HostError) in
      try Heap.require(length * Self.memoryPerByte, to: "apply the policy")
    }
  }

  /// About what the messages, the script and the snapshot of a dense policy take for each byte of it.
  private static let memoryPerByte = 12

  /// Throws where the policy was tried and did not last: at boot nobody could go back from it.
  func requireLasting(_ digest: SHA256Digest) throws(ApplyError) {
    let isAbandoned = try onHost { () throws(HostError) in
      try directory.history.wasAbandoned(digest)
    }
    if isAbandoned { throw .abandoned }
  }

  /// What a compiled policy asks of the host.
  private func wish(
    for compilation: Compilation, _ digest: SHA256Digest
  ) throws(ApplyError) -> Wish {
    guard let state = Comparison.State(compilation), let policy = compilation.policy else {
      preconditionFailure("a policy without errors has rules")
    }
    let plan = try settingsPlan(for: policy)
    let header = self.header(of: compilation, digest, settings: plan, backend: .nft)
    return Wish(state: state, settings: plan, header: header, compilation: compilation)
  }

  /// How the settings of the host become those that the policy needs.
  func settingsPlan(for policy: Policy) throws(ApplyError) -> SysctlPlan {
    try onHost { () throws(HostError) in
      try SysctlPlan(
        requiredSysctls(policy), ledger: try directory.sysctls.read(), store: settings,
        advertised: try RouterAdvertisedRoutes.interfaces())
    }
  }

  /// What the history says of a state made now.
  func header(
    of compilation: Compilation, _ digest: SHA256Digest, settings plan: SysctlPlan,
    backend: LiveBackend
  ) -> StateHeader {
    StateHeader(
      time: WallTime.now, host: hostName, backend: backend,
      policies: compilation.sources.files.map(\.name), digest: digest,
      sysctls: plan.required)
  }

  private func requireOwnership(of live: LiveRules) throws(ApplyError) {
    do throws(LiveError) { try live.requireOwnership() } catch { throw .live(error) }
  }
}

/// What a policy asks of the host.
struct Wish {
  let state: Comparison.State
  let settings: SysctlPlan
  let header: StateHeader
  let compilation: Compilation

  var ruleset: Ruleset { compilation.ruleset ?? Ruleset() }

  /// The script that loads the rules.
  ///
  /// - Parameter hollow: maps that it declares without their elements.
  func script(hollow: Set<NftMapName> = []) -> [UInt8] {
    Backend.nftText(of: compilation, hollow: hollow) ?? []
  }
}
