import Diagnostics
import NetworkTypes
import Syntax

extension PublishContext {
  /// Host addresses that are none of the host's, or that the kernel treats apart.
  func checkAddress(_ publish: PublishValues, _ line: PublishLine, _ findings: inout CappedFindings)
  {
    guard let address = publish.hostAddress,
      let syntax = draft.statement(of: line).hostAddress
    else { return }
    if address.isLoopback {
      switch address {
      case .ipv6: findings.add(error: .loopbackIPv6(at: syntax.span))
      case .ipv4:
        let isManaged = draft.policy.managesSysctls
        findings.add(.publishLoopback, at: syntax.span) {
          .loopbackIPv4(address, isManaged: isManaged, at: syntax.span)
        }
      }
    } else if address.isMulticast || address.bits == UInt128(UInt32.max) {
      findings.add(error: .publishOnGroup(address, at: syntax.span))
    } else if insideAddresses.contains(address), !gateways.contains(address) {
      let owner = SubnetOwners(draft.policy.networks).network(of: address)
      let network = owner.map { draft.policy.networks[$0].name }
      findings.add(error: .publishInside(address, network, at: syntax.span))
    }
  }
}
