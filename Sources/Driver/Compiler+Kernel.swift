package import Diagnostics
import Host
import Lowering
import Netfilter

extension Compiler {
  /// Trees -> policy -> verified ruleset, for the kernel of this machine: it is asked what it can do
  /// where that makes a difference.
  ///
  /// - Throws: what the kernel says instead of an answer.
  package func compileForKernel(_ read: consuming PolicySources) throws(LiveError) -> Compilation {
    if !read.sources.isLarge {
      let resolution = resolve(consume read)
      if let result = compileForAnyKernel(resolution) { return result }
      return compile(resolution, for: try LiveRules.capabilities())
    }
    // The kernel waits while it is asked.
    let answer = Worker { Result { () throws(LiveError) in try LiveRules.capabilities() } }
    let resolution = resolve(consume read)
    return compile(resolution, for: try answer.value().get())
  }

  /// The rules that all kernels get; `nil` where they do not get the same.
  private func compileForAnyKernel(_ resolution: Resolution) -> Compilation? {
    let least = compile(resolution, for: [])
    let most = compile(resolution, for: Set(Capability.allCases))
    guard least.ruleset == most.ruleset else { return nil }
    // What is said of these lines differs where the rules do not.
    if let policy = least.policy,
      !frameCountingLines(policy, sources: least.sources).isEmpty
    {
      return nil
    }
    return least
  }

  private func compile(_ resolution: Resolution, for found: Set<Capability>) -> Compilation {
    Compiler(host: host, capabilities: found.union(capabilities), store: store)
      .compile(resolution)
  }
}

extension SourceMap {
  /// Whether a second thread gains more than it costs, and compiling twice takes longer than the
  /// kernel, which takes some 20 ms to let go of the rules that it was asked about.
  package var isLarge: Bool { files.reduce(0) { $0 + $1.bytes.count } >= 256 << 10 }
}
