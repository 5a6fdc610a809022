import Diagnostics
import NetworkTypes
import Syntax

extension PolicyDraft {
  /// Runs the checks of publishes: those of one line in one pass over all, then those that compare.
  func checkPublishes(_ log: inout DiagnosticLog) {
    let context = PublishContext(self)
    var findings = CappedFindings()
    for line in publishLines {
      let hasSources = line.statement.clauses.contains(where: \.isSources)
      for index in line.publishes {
        context.check(policy.publishes[index], line, hasSources: hasSources, &findings)
      }
    }
    findings.finish(into: &log)
    checkPublishConflicts(&log)
    checkFamilyGaps(&log)
    checkPublishersWithoutGuests(&log)
  }
}

/// What the checks of one publish know besides it.
struct PublishContext {
  let draft: PolicyDraft
  /// As `policy.networks`, one for one.
  let traits: [NetworkTraits]
  let insideAddresses: AddressSet
  let gateways: Set<IPAddress>
  let hostPorts: HostPorts

  init(_ draft: PolicyDraft) {
    self.draft = draft
    traits = zip(draft.policy.networks, draft.networks).map { NetworkTraits($0, $1) }
    insideAddresses = PeerGeometry(draft.policy.networks).internalAddresses
    gateways = Set(draft.policy.networks.flatMap(\.gateways))
    hostPorts = HostPorts(draft.flows)
  }

  fileprivate func check(
    _ publish: Publish, _ line: PublishLine, hasSources: Bool, _ findings: inout CappedFindings
  ) {
    checkReach(publish, line, &findings)
    checkAddress(publish, line, &findings)
    checkRoutedPorts(publish, line, &findings)
    checkEphemeral(publish, line, &findings)
    checkOpen(publish, line, hasSources: hasSources, &findings)
    checkSize(publish, line, &findings)
    checkHiddenPorts(publish, line, &findings)
  }
}

/// What each publish asks of its network, small enough to copy a hundred thousand times.
struct NetworkTraits {
  let internalSpan: SourceSpan?
  let isSeenByHost: Bool
  /// The families in which the network's addresses are translated; all where that is not known.
  let translated: FamilySet

  init(_ network: Network, _ facts: NetworkFacts) {
    internalSpan = network.internalSpan
    isSeenByHost = network.attachment.isSeenByHost
    translated =
      facts.isTranslationDamaged
      ? .both : network.masquerades.reduce(into: []) { $0.insert(FamilySet($1.family)) }
  }
}

extension ClauseSyntax {
  fileprivate var isSources: Bool {
    if case .from = self { return true }
    return false
  }
}
