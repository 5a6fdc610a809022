import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Interfaces with two roles, and parents that are part of another network.
  func checkInterfaces(_ log: inout DiagnosticLog) {
    var roles: [InterfaceName: InterfaceRole] = [:]
    for uplink in policy.uplinks { claim(uplink, .uplink, &roles, &log) }
    for (index, network) in policy.networks.enumerated() where networks[index].hasAttachment {
      switch network.attachment.kind {
      case .bridge(let ports):
        claim(network.attachment.interface, .network(index), &roles, &log)
        for port in ports { claim(port, .port(index), &roles, &log) }
      case .openvswitch, .interface:
        claim(network.attachment.interface, .network(index), &roles, &log)
      case .macvlan, .ipvlan: break
      }
    }
    checkParents(roles, &log)
  }

  private func claim(
    _ name: Sourced<InterfaceName>, _ use: InterfaceRole.Use,
    _ roles: inout [InterfaceName: InterfaceRole], _ log: inout DiagnosticLog
  ) {
    guard let other = roles[name.value] else {
      roles[name.value] = InterfaceRole(use: use, span: name.span)
      return
    }
    log.add(.duplicateInterface(name, describe(use), describe(other.use), first: other.span))
  }

  private func checkParents(
    _ roles: [InterfaceName: InterfaceRole], _ log: inout DiagnosticLog
  ) {
    var parents: [InterfaceName: (isMacvlan: Bool, span: SourceSpan)] = [:]
    for (index, network) in policy.networks.enumerated() where networks[index].hasAttachment {
      let isMacvlan: Bool
      switch network.attachment.kind {
      case .macvlan: isMacvlan = true
      case .ipvlan: isMacvlan = false
      case .bridge, .openvswitch, .interface: continue
      }
      let parent = network.attachment.interface
      if let role = roles[parent.value], case .some(let owner) = role.network {
        log.add(.nestedInterface(parent, policy.networks[owner].name, at: role.span))
      }
      // The kernel gives a link's receive handler to one of the two drivers.
      if let other = parents[parent.value], other.isMacvlan != isMacvlan {
        log.add(
          .duplicateInterface(parent, "a parent", "a parent of the other kind", first: other.span))
      }
      parents[parent.value] = (isMacvlan, parent.span)
    }
  }

  private func describe(_ use: InterfaceRole.Use) -> String {
    switch use {
    case .uplink: "an uplink"
    case .network(let index): "the link of `\(policy.networks[index].name.value)`"
    case .port(let index): "a port of `\(policy.networks[index].name.value)`"
    }
  }
}

/// What a policy uses an interface for.
private struct InterfaceRole {
  enum Use {
    case uplink
    case network(Int)
    case port(Int)
  }

  let use: Use
  let span: SourceSpan

  /// The network that the interface is part of.
  var network: Int? {
    switch use {
    case .uplink: nil
    case .network(let index), .port(let index): index
    }
  }
}
