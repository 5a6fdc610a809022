import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Resolves a masquerade to one value for each family that it covers: the one that is said, or
  /// that of its address, or all that the network has subnets in.
  mutating func resolveMasquerade(_ node: MasqueradeStatement, of index: Int) {
    let address = node.address.flatMap { readRange($0) }
    let ports = node.ports.flatMap { readPort($0) }
    let via = node.via.flatMap { interface($0) }
    let isComplete =
      (address != nil) == (node.address != nil) && (ports != nil) == (node.ports != nil)
      && (via != nil) == (node.via != nil)
    let families = isComplete ? families(of: node, address, in: index) : []
    if families.isEmpty { draft.networks[index].isTranslationDamaged = true }
    for family in families {
      let masquerade = Masquerade(
        family: family, address: address, ports: ports, randomness: choice(node.randomness),
        via: via?.value, span: node.span)
      draft.policy.networks[index].masquerades.append(masquerade)
    }
  }

  private mutating func families(
    of node: MasqueradeStatement, _ address: AddressRange?, in index: Int
  ) -> [AddressFamily] {
    let network = draft.policy.networks[index]
    let own = AddressFamily.allCases.filter { !network.subnets(of: $0).isEmpty }
    let wanted = node.family.map { $0 == .ipv4 ? AddressFamily.ipv4 : .ipv6 }
    if let wanted, let address, address.family != wanted {
      log.add(.sourceAddressFamily(node, wanted))
      return []
    }
    guard let only = wanted ?? address?.family else { return own }
    if !own.contains(only), !draft.networks[index].isDamaged {
      log.add(.masqueradeFamily(node, only, network.name))
      return []
    }
    return [only]
  }

  private func choice(_ randomness: MasqueradeStatement.Randomness?) -> SourcePortChoice {
    switch randomness {
    case .random?: .random
    case .fullyRandom?: .fullyRandom
    case nil: .kernel
    }
  }

  mutating func resolveSourceNAT(
    _ name: Identifier, _ syntax: AddressSyntax, _ span: SourceSpan, of index: Int
  ) {
    let address = readAddress(syntax, role: "a source")
    guard let guest = lookUpGuest(name, in: index, for: "`snat`"), let address else { return }
    guard guest.network == index else {
      let network = draft.networks[guest.network].name
      return log.add(.foreignSourceNAT(name, network: network))
    }
    let target = draft.policy.networks[index].guests[guest.guest]
    if target.addresses(of: address.family).isEmpty, !draft.networks[index].isDamaged {
      return log.add(.sourceNATFamily(name, syntax, address.family))
    }
    draft.policy.networks[index].sourceNATs.append(
      GuestSourceNAT(guest: guest.guest, address: address, span: span))
  }
}
