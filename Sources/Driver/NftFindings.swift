import Diagnostics
import Lowering
import Netfilter
import PolicyModel

/// What is to be said about a policy whose rules nft loads.
func nftFindings(_ result: Compilation, _ policy: Policy) -> DiagnosticLog {
  var log = DiagnosticLog()
  let tracksFrames = result.capabilities.contains(.bridgeConntrack)
  for line in frameCountingLines(policy, sources: result.sources) {
    log.add(tracksFrames ? .framesTracked(line, policy) : .connectionsUncounted(line, policy))
  }
  log.add(contentsOf: result.expectationFindings(.nft))
  return log
}

extension Diagnostic {
  fileprivate static func framesTracked(
    _ line: FrameCountingLine, _ policy: Policy
  ) -> Diagnostic {
    let name = policy.networks[line.network].name.value
    return Diagnostic(
      .enforceBridge, .warning,
      "counting between members of `\(name)` works only while bridged frames are not handed to IP "
        + "rules: else members' broadcasts to the host are lost, and members that use published ports "
        + "are not masqueraded",
      at: line.span,
      notes: [
        Note("that is `net.bridge.bridge-nf-call-iptables` = 0, and the same of `-ip6tables`"),
        Note("a `limit` in the place of `connections` works either way"),
      ])
  }

  fileprivate static func connectionsUncounted(
    _ line: FrameCountingLine, _ policy: Policy
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
