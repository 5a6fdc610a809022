package import Diagnostics
import Host
import Lowering
import Netfilter

extension Compiler {
  /// Trees -> policy -> verified ruleset, for the kernel of this machine.
  ///
  /// The kernel is asked what it can do only where that makes a difference: it takes some 20 ms to let
  /// go of the rules that it was asked about.
  ///
  /// - Throws: what the kernel says instead of an answer.
  package func compileForKernel(_ read: consuming PolicySources) throws(LiveError) -> Compilation {
    let resolving = resolve(consume read)
    let resolution = resolving.resolution
    let lowering = resolution.lowering
    guard let lowering, lowering.dependsOnKernel(beyond: capabilities) else {
      // Said in the kernel's terms while the checks go on, too.
      let rules = lowering.map {
        VerifiedRules($0.ruleset(for: capabilities), isForKernel: true)
      }
      return Compilation(resolution, rules, capabilities, findings: resolving.checks.value())
    }
    let answer = Worker(isLong: resolution.sources.isLarge) {
      Result { () throws(LiveError) in try LiveRules.capabilities() }
    }
    let hostTable = lowering.hostTable
    let findings = resolving.checks.value()
    // What is wrong with the policy is told first, even by a kernel that does not answer.
    if findings.hasErrors { return Compilation(resolution, nil, capabilities, findings: findings) }
    let found = try answer.value().get().union(capabilities)
    let rules = VerifiedRules(
      Ruleset(hostTable, lowering.bridgeTable(for: found)), isForKernel: true)
    return Compilation(resolution, rules, found, findings: findings)
  }
}

extension SourceMap {
  /// Whether a second thread gains more than it costs.
  package var isLarge: Bool { files.reduce(0) { $0 + $1.bytes.count } >= 256 << 10 }
}
