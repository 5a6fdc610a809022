import Diagnostics
import Syntax

extension PolicyDraft {
  /// Lines that need the host to see packets that this attachment does not show it.
  func checkAttachments(_ log: inout DiagnosticLog) {
    for (index, network) in policy.networks.enumerated() where networks[index].hasAttachment {
      switch network.attachment.kind {
      case .bridge: break
      case .macvlan: checkUnseen(network, "macvlan", index, &log)
      case .ipvlan: checkUnseen(network, "ipvlan", index, &log)
      case .openvswitch:
        let reason = "frames inside an Open vSwitch bridge pass the host's rules by"
        if !network.icc.value { refuse("icc off", network.icc.span, reason, &log) }
        if network.antispoof.value { refuse("antispoof on", network.antispoof.span, reason, &log) }
      case .interface:
        let reason = "the host does not see what goes on behind one link"
        if !network.icc.value { refuse("icc off", network.icc.span, reason, &log) }
      }
    }
    for line in flows where line.kind != .expectation { checkPeers(of: line, &log) }
    if policy.networks.allSatisfy(\.attachment.isSeenByHost) { return }
    for line in publishLines {
      checkTarget(of: line, &log)
      if line.hasClauses { checkSources(of: line, &log) }
    }
  }

  private func checkUnseen(
    _ network: Network, _ kind: String, _ index: Int, _ log: inout DiagnosticLog
  ) {
    let reason = "frames of \(kind) guests pass the host's rules by"
    if !network.icc.value { refuse("icc off", network.icc.span, reason, &log) }
    if network.isolation.value != .off { refuse("isolation", network.isolation.span, reason, &log) }
    if network.antispoof.value { refuse("antispoof on", network.antispoof.span, reason, &log) }
    refuse("direct access", network.directAccess.span, reason, &log)
    refuse("internal", network.internalSpan, reason, &log)
    refuse("masquerade", network.masquerades.first?.span, reason, &log)
    refuse("snat", network.sourceNATs.first?.span, reason, &log)
    refuse("serve", network.served.first?.span, reason, &log)
  }

  private func refuse(
    _ setting: String, _ span: SourceSpan?, _ reason: String, _ log: inout DiagnosticLog
  ) {
    guard let span else { return }
    log.add(.unenforceable("`\(setting)`", reason, at: span))
  }

  /// A flow line that names an unseen network or its guests would make rules that match nothing.
  private func checkPeers(of line: FlowLine, _ log: inout DiagnosticLog) {
    for peer in line.rule.sources + line.rule.destinations {
      guard let index = network(of: peer), networks[index].hasAttachment else { continue }
      let network = policy.networks[index]
      if network.attachment.isSeenByHost {
        guard !seesInside(network), isWithin(line.rule, index) else { continue }
        log.add(.unenforceableWithin(network.name, at: line.rule.span))
      } else {
        log.add(.unenforceableFlow(network.name, at: line.rule.span))
      }
      return
    }
  }

  private func seesInside(_ network: Network) -> Bool {
    switch network.attachment.kind {
    case .bridge: true
    case .macvlan, .ipvlan, .openvswitch, .interface: false
    }
  }

  /// Whether both sides are members of one network and the line narrows what they may do.
  private func isWithin(_ rule: AccessRule, _ index: Int) -> Bool {
    rule.verb != .allow
      && (rule.sources + rule.destinations).allSatisfy { network(of: $0) == index }
  }

  private func network(of peer: Peer) -> Int? {
    switch peer {
    case .network(let index), .guest(let index, _): index
    case .addresses, .host, .world, .any: nil
    }
  }

  private func checkTarget(of line: PublishLine, _ log: inout DiagnosticLog) {
    guard let first = line.publishes.first else { return }
    let index = policy.publishes[first].network
    guard networks[index].hasAttachment, !policy.networks[index].attachment.isSeenByHost else {
      return
    }
    log.add(.unenforceablePublish(statement(of: line).target, policy.networks[index].name))
  }

  /// Who is not seen as a member of a network cannot be let in as one.
  private func checkSources(of line: PublishLine, _ log: inout DiagnosticLog) {
    guard let first = line.publishes.first else { return }
    let terms = policy.terms(of: policy.publishes[first])
    for peer in terms.sources + terms.exceptions {
      guard let index = network(of: peer), networks[index].hasAttachment,
        !policy.networks[index].attachment.isSeenByHost
      else { continue }
      return log.add(.unenforceableFlow(policy.networks[index].name, at: line.span))
    }
  }
}
