import Evaluation
import IptablesBackend
import IptablesEvaluation
import Netfilter
import NetworkTypes
import PolicyModel

extension Compilation {
  /// The rules of a backend, ready to be tried; `nil` where the policy has errors.
  func judge(of backend: LiveBackend) -> Judge? {
    guard let policy, let ruleset else { return nil }
    let programs = ruleset.programs(of: backend)
    return Judge(
      model: HostModel(policy), program: { family, _ in programs[family] },
      capabilities: capabilities)
  }
}

extension Ruleset {
  /// What packets of each family meet where a backend keeps the rules.
  func programs(of backend: LiveBackend) -> PerFamily<Program> {
    switch backend {
    case .nft: PerFamily(Program(self))
    case .iptables: PerFamily { program(of: legalize(self, family: $0)) }
    }
  }
}
