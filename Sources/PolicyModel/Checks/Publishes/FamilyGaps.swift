import Diagnostics
import NetworkTypes
import Syntax

extension PolicyDraft {
  /// Well-known ports that are published in one family of a container that has both.
  func checkFamilyGaps(_ log: inout DiagnosticLog) {
    let candidates = publishLines.filter { isOneSided($0) }
    if candidates.isEmpty { return }
    var covered = Set<GapKey>()
    for publish in policy.publishes {
      for family in publish.families { covered.insert(GapKey(publish, family)) }
    }
    var findings = CappedFindings()
    for line in candidates {
      for publish in policy.publishes[line.publishes] where publish.hostPorts.lower < 1024 {
        guard let family = publish.families.first else { continue }
        let other: AddressFamily = family == .ipv4 ? .ipv6 : .ipv4
        if covered.contains(GapKey(publish, other)) { continue }
        let span = line.span
        let guest = policy.networks[publish.network].guests[publish.guest].name
        findings.add(.publishFamilyGap, at: span) { .familyGap(guest, family, other, at: span) }
        break
      }
    }
    findings.finish(into: &log)
  }

  private func isOneSided(_ line: PublishLine) -> Bool {
    guard line.hasHostAddress, let index = line.publishes.first else { return false }
    let publish = policy.publishes[index]
    if publish.hostAddress?.isLoopback == true { return false }
    return networks[publish.network].guestFamilies[publish.guest] == .both
      && policy.networks[publish.network].internalSpan == nil
  }
}

/// What a publish offers in one family.
private struct GapKey: Hashable {
  let network: Int
  let guest: Int
  let transport: TransportProtocol
  let family: AddressFamily
  let targetPort: UInt16

  init(_ publish: Publish, _ family: AddressFamily) {
    network = publish.network
    guest = publish.guest
    transport = publish.transport
    self.family = family
    targetPort = publish.targetPort
  }
}
