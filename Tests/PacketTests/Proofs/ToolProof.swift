import Driver
import IptablesBackend
import NetworkTypes
import PolicyTestSupport
import RulesetTestSupport

/// The texts that are printed for a generated policy, in the hands of the tools that they are for.
struct ToolProof {
  let host: GeneratedHost

  /// What a tool refuses, or gives back as something else, and the smallest policy with which it
  /// does; `nil` where all is well.
  func problem(seed: UInt64) throws -> String? {
    guard var words = try problem() else { return nil }
    let blocks = host.blocks.shrunk { blocks in
      guard let smaller = try? GeneratedHost(blocks),
        let found = try? ToolProof(host: smaller).problem()
      else { return false }
      words = found
      return true
    }
    return "seed \(seed), \(words)\n\(blocks.text)"
  }

  private func problem() throws -> String? {
    if let problem = try loaded("nft -f rules", .nft).problem { return problem }
    guard host.hasIptables else { return nil }
    for variant in ["nft", "legacy"] {
      for family in AddressFamily.allCases {
        let tool = (family == .ipv4 ? "iptables-" : "ip6tables-") + variant
        let backend: Backend = family == .ipv4 ? .iptables : .ip6tables
        let (saved, problem) = try loaded(
          "\(tool)-restore --noflush < rules && \(tool)-save", backend)
        if let found = try problem ?? difference(of: saved, family) { return "\(tool): \(found)" }
      }
    }
    return nil
  }

  /// What the script says, and what it says is wrong.
  private func loaded(
    _ script: String, _ backend: Backend
  ) throws -> (output: String, problem: String?) {
    let rules = backend.output(of: host.compilation)?.bytes ?? []
    let result = try NamespacedShell(files: ["rules": rules]).run(script)
    return (result.output, result.errors.isEmpty ? nil : result.errors)
  }

  /// The first chain that is not as it was printed.
  private func difference(of saved: String, _ family: AddressFamily) throws -> String? {
    let own = legalize(host.ruleset, family: family).own
    let read = try readSaveText(Array(saved.utf8), family: family)
    for (table, wanted) in zip(read.tables, own.tables) where table.chains != wanted.chains {
      let chain = zip(table.chains, wanted.chains).first { $0 != $1 }
      return chain.map { "\($0)\ninstead of\n\($1)" } ?? "\(table.chains.count) chains"
    }
    return nil
  }
}
