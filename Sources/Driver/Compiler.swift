import Diagnostics
package import Host
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
  package func compile(_ read: consuming PolicySources) -> Compilation {
    compile(resolve(consume read))
  }

  /// Trees -> policy; a pure function, which no capability matters to.
  func resolve(_ read: consuming PolicySources) -> Resolution {
    var log = read.log
    let policy = read.isComplete ? PolicyModel.resolve(read.trees, host: host, log: &log) : nil
    return Resolution(sources: read.sources, log: log, policy: policy)
  }

  /// Policy -> verified ruleset; a pure function.
  func compile(_ resolution: Resolution) -> Compilation {
    let sources = resolution.sources
    let ruleset = resolution.policy.map { lower($0, sources: sources, capabilities: capabilities) }
    return Compilation(
      sources: sources, log: resolution.log, policy: resolution.policy, ruleset: ruleset,
      capabilities: capabilities, defects: ruleset.map(verify) ?? [])
  }

  /// What a policy says, before anybody says it in rules.
  struct Resolution: Sendable {
    fileprivate let sources: SourceMap
    fileprivate let log: DiagnosticLog
    /// `nil` where `log` has errors.
    fileprivate let policy: Policy?
  }
}
