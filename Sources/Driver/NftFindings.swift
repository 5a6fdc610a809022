import Diagnostics
import Lowering
import Netfilter
import PolicyModel

/// What is to be said about a policy whose rules nft loads.
func nftFindings(_ result: Compilation, _ policy: Policy) -> DiagnosticLog {
  var log = DiagnosticLog()
  let uncountable = uncountableLines(
    policy, sources: result.sources, capabilities: result.capabilities)
  for line in uncountable { log.add(.connectionsUncounted(line, policy)) }
  log.add(contentsOf: result.expectationFindings(.nft))
  return log
}

extension Diagnostic {
  fileprivate static func connectionsUncounted(
    _ line: UncountableLine, _ policy: Policy
  ) -> Diagnostic {
    let network = policy.networks[line.network]
    let name = network.name.value
    if line.isPublish {
      return Diagnostic(
        .enforceBridge, .warning,
        "members of `\(name)` cannot use this: `connections` cannot be counted between them, where "
          + "the kernel tracks no connections",
        at: line.span,
        notes: [Note("an `allow` line about the members opens the port to them"), assumption])
    }
    return Diagnostic(
      .enforceBridge, .error,
      "`connections` cannot be counted between members of `\(name)`: their frames stay within "
        + "the bridge, where the kernel tracks no connections",
      at: line.span,
      notes: [
        Note("give the line a `limit`, or leave the members out of it"),
        assumption,
        Note("`\(name)` is here", at: network.name.span),
      ])
  }

  private static var assumption: Note {
    Note(
      "kernels with CONFIG_NF_CONNTRACK_BRIDGE can count: say `--assume bridge-conntrack` if yours "
        + "has it")
  }
}
