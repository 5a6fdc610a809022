import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  mutating func resolveSubnet(_ syntax: AddressSyntax, of index: Int) {
    guard let prefix = readPrefix(syntax) else {
      draft.networks[index].isDamaged = true
      return
    }
    draft.policy.networks[index].subnets.append(Sourced(prefix, at: syntax.span))
  }

  mutating func resolveGateway(_ syntax: AddressSyntax, of index: Int) {
    guard let address = readAddress(syntax, role: "a gateway") else {
      draft.networks[index].isDamaged = true
      return
    }
    draft.networks[index].writtenGateways.append(Sourced(address, at: syntax.span))
  }

  mutating func resolvePool(_ syntax: AddressSyntax, of index: Int) {
    do throws(AddressProblem) {
      let range = try AddressReader.read(syntax).range
      draft.policy.networks[index].pools.append(Sourced(range, at: syntax.span))
    } catch .reversedRange {
      log.add(.reversedPool(syntax))
    } catch {
      log.add(.invalidAddress(syntax, error))
    }
  }

  /// Settles the subnets and gateways once the guests are known.
  mutating func finishSubnets(of index: Int) {
    deriveSubnets(of: index)
    let network = draft.policy.networks[index]
    let written = draft.networks[index].writtenGateways.map(\.value)
    guard network.attachment.isSeenByHost, !draft.networks[index].hasDerivedSubnets else {
      draft.policy.networks[index].gateways = written
      return
    }
    // In the order of the subnets; a written gateway outside all of them is the checks' matter.
    for subnet in network.subnets {
      let chosen = written.first { subnet.value.contains($0) } ?? firstUsable(subnet.value)
      draft.policy.networks[index].gateways.append(chosen)
    }
  }

  /// Makes each guest's address a prefix of its own where no subnet is needed and none is said.
  private mutating func deriveSubnets(of index: Int) {
    let network = draft.policy.networks[index]
    guard network.subnets.isEmpty, draft.networks[index].hasAttachment else { return }
    switch network.attachment.kind {
    case .bridge, .openvswitch: return
    case .macvlan, .ipvlan, .interface: break
    }
    draft.networks[index].hasDerivedSubnets = true
    for guest in network.guests {
      for address in guest.addresses {
        let prefix = AddressPrefix(masking: address.value, length: address.value.family.width)
        draft.policy.networks[index].subnets.append(Sourced(prefix, at: address.span))
      }
    }
  }

  /// The first address that a host can have: past the network address (RFC 950) or the
  /// subnet-router anycast address (RFC 4291), unless there are two addresses or one (RFC 3021,
  /// RFC 6164).
  private func firstUsable(_ prefix: AddressPrefix) -> IPAddress {
    let isTiny = prefix.length >= prefix.family.width - 1
    let bits = isTiny ? prefix.address.bits : prefix.address.bits + 1
    return IPAddress(family: prefix.family, bits: bits)
  }
}
