import Diagnostics
import NetworkTypes
import Syntax

extension PolicyDraft {
  /// Runs the checks of publishes: those of one line in one pass over all, then those that compare.
  func checkPublishes(_ log: inout DiagnosticLog) {
    let context = PublishContext(self)
    var findings = CappedFindings()
    for line in publishLines {
      for index in line.publishes {
        let publish = policy.publishes[index]
        let hasVia = publish.isRestricted && policy.terms(of: publish).clauses.via != nil
        context.check(PublishValues(publish, index, hasVia: hasVia), line, &findings)
      }
    }
    findings.finish(into: &log)
    checkPublishConflicts(context.traits, &log)
    checkFamilyGaps(&log)
    checkPublishersWithoutGuests(&log)
  }

  /// Where a line says the outside port of one of its publishes.
  ///
  /// - Parameter publish: its index in `policy.publishes`.
  func portSpan(of publish: Int, in line: PublishLine) -> SourceSpan {
    let ports = statement(of: line).hostPorts
    // With two protocols all ports come once for each.
    return ports[(publish - line.publishes.lowerBound) % ports.count].span
  }

  /// Where a publish's line says its outside port.
  ///
  /// - Complexity: O(log n) in lines.
  func portSpan(of publish: Int) -> SourceSpan {
    var (low, high) = (0, publishLines.count)
    while low < high {
      let middle = (low + high) / 2
      if publishLines[middle].publishes.upperBound <= publish {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return portSpan(of: publish, in: publishLines[low])
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
    hostPorts = HostPorts(draft.flows, draft.policy.networks)
  }

  fileprivate func check(
    _ publish: PublishValues, _ line: PublishLine, _ findings: inout CappedFindings
  ) {
    checkReach(publish, line, &findings)
    checkAddress(publish, line, &findings)
    checkRoutedPorts(publish, line, &findings)
    checkEphemeral(publish, line, &findings)
    checkOpen(publish, line, &findings)
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

/// What the checks of one publish look at.
struct PublishValues {
  /// The index in `policy.publishes`.
  let index: Int
  let transport: TransportProtocol
  let hostAddress: IPAddress?
  let families: FamilySet
  let hostPorts: PortRange
  let network: Int
  let guest: Int
  let targetPort: UInt16
  let hasVia: Bool

  init(_ publish: Publish, _ index: Int, hasVia: Bool) {
    self.index = index
    transport = publish.transport
    hostAddress = publish.hostAddress
    families = publish.familySet
    hostPorts = publish.hostPorts
    network = publish.network
    guest = publish.guest
    targetPort = publish.targetPort
    self.hasVia = hasVia
  }

  /// The inside ports, as many as outside.
  var targetPorts: PortRange {
    PortRange(targetPort, targetPort + (hostPorts.upper - hostPorts.lower))
  }
}
