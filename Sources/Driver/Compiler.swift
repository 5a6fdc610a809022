import Diagnostics
package import Host
import KernelForm
import Lowering
package import Netfilter
import PolicyModel

/// The arrows from files to a ruleset, in the order they are followed. Prints nothing.
package struct Compiler: Sendable {
  /// Whose `on` parts are kept; `nil` for nobody's.
  package let host: String?
  /// What the kernels that the rules are for can do.
  package let capabilities: Set<Capability>
  package let store: FileStore

  package init(
    host: String? = nil, capabilities: Set<Capability> = [], store: FileStore = FileStore()
  ) {
    self.host = host
    self.capabilities = capabilities
    self.store = store
  }

  /// Files -> trees.
  ///
  /// What is wrong with a file's content, its size included, is a finding; an error is thrown where
  /// the machine refuses to read it.
  package func read(_ inputs: [PolicyInput]) throws(HostError) -> PolicySources {
    var loader = SourceLoader(store: store, host: host)
    for input in inputs { try loader.load(input) }
    return loader.result
  }

  /// Files -> trees -> policy -> ruleset.
  package func compile(_ inputs: [PolicyInput]) throws(HostError) -> Compilation {
    compile(try read(inputs))
  }

  /// Trees -> policy -> verified ruleset; a pure function.
  ///
  /// - Parameter isForKernel: whether a kernel will be told of the rules, or compared with them.
  package func compile(
    _ read: consuming PolicySources, isForKernel: Bool = false
  ) -> Compilation {
    let resolving = resolve(consume read)
    let resolution = resolving.resolution
    let rules = resolution.lowering.map {
      VerifiedRules($0.ruleset(for: capabilities), isForKernel: isForKernel)
    }
    return Compilation(resolution, rules, capabilities, findings: resolving.checks.value())
  }

  /// Trees -> policy, and what its checks find; no capability matters to it.
  ///
  /// The checks of a large policy go on while the caller says it in rules.
  func resolve(_ read: consuming PolicySources) -> Resolving {
    var log = read.log
    guard read.isComplete else {
      return Resolving(
        resolution: Resolution(sources: read.sources, log: log, policy: nil),
        checks: Worker(isLong: false) { DiagnosticLog() })
    }
    let resolved = PolicyModel.resolve(read.trees, host: host, log: &log)
    let resolution = Resolution(
      sources: read.sources, log: log, policy: log.hasErrors ? nil : resolved.policy)
    let checks = Worker(isLong: read.sources.isLarge) { [resolved, trees = read.trees] in
      var log = DiagnosticLog()
      resolved.check(&log)
      // Who holds them last takes them apart, which takes half as long as all checks.
      extendLifetime(trees)
      return log
    }
    return Resolving(resolution: resolution, checks: checks)
  }
}

/// What a policy says, before anybody says it in rules.
struct Resolution: Sendable {
  let sources: SourceMap
  let log: DiagnosticLog
  /// `nil` where `log` has errors.
  let policy: Policy?

  var lowering: PolicyLowering? { policy.map { PolicyLowering($0, sources: sources) } }
}

/// A resolved policy while it is checked.
struct Resolving: ~Copyable {
  let resolution: Resolution
  /// What checks find.
  let checks: Worker<DiagnosticLog>
}

/// A policy in rules, and what is wrong with them.
struct VerifiedRules: Sendable {
  let ruleset: Ruleset
  let defects: [RulesetProblem]
  /// The rules as the kernel has them; `nil` where they are not meant for one, or are defective.
  let kernel: KernelRuleset?

  init(_ ruleset: Ruleset, isForKernel: Bool) {
    self.ruleset = ruleset
    defects = verify(ruleset)
    kernel = isForKernel && defects.isEmpty ? kernelForm(of: ruleset).numbered : nil
  }
}

extension Compilation {
  /// - Parameters:
  ///   - rules: of no use where the findings have errors.
  ///   - findings: what checks found.
  init(
    _ resolution: Resolution, _ rules: VerifiedRules?, _ capabilities: Set<Capability>,
    findings: DiagnosticLog
  ) {
    var log = resolution.log
    log.add(contentsOf: findings)
    let isSound = !log.hasErrors
    self.init(
      sources: resolution.sources, log: log, policy: isSound ? resolution.policy : nil,
      ruleset: isSound ? rules?.ruleset : nil, capabilities: capabilities,
      defects: isSound ? rules?.defects ?? [] : [], kernel: isSound ? rules?.kernel : nil)
  }
}
