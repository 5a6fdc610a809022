import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// The most ports of one range that are spelled out in a map of exact keys; a larger range is an
/// interval. Inserting an exact key costs the kernel less than a microsecond.
let widestExpandedRange = 4096

extension LoweringContext {
  /// Whether the publish is a mapping in `family`, not an opened port.
  func isTranslated(_ publish: Publish, _ family: AddressFamily) -> Bool {
    translations.contains(publish.network, family)
  }

  /// The first address of the publish's guest in `family`.
  func target(_ publish: Publish, _ family: AddressFamily) -> IPAddress? {
    // Looked at where they are, with both indices at hand: the list of a family would be counted for
    // each publish.
    let (network, guest) = (publish.network, publish.guest)
    return switch family {
    case .ipv4: guestAddresses[network].ipv4[guest]
    case .ipv6: guestAddresses[network].ipv6[guest]
    }
  }

  var hasTranslatedPublish: Bool { !translatedTargets.isEmpty }

  func hasTranslatedPublish(into network: Int) -> Bool { translatedTargets.contains(network) }
}

/// The publish maps: one element a published port or range, for packets to the host's own
/// addresses, the host's own packets included.
func lowerPublishing(_ context: LoweringContext, into table: inout TableBuilder) {
  let publishes = context.policy.publishes
  var maps = PublishMaps(publishes)
  var origins = OriginFinder(context.sources)
  let families = AddressFamily.allCases
  for index in publishes.indices {
    let publish = publishes[index]
    let translated = context.translations.families(of: publish.network)
    let mapped = publish.familySet.intersection(translated)
    for family in families {
      guard family == .ipv4 ? mapped.hasIPv4 : mapped.hasIPv6 else { continue }
      guard let target = context.target(publish, family) else { continue }
      maps.add(publish, family, to: target, origin: origins.origin(publish.span))
    }
  }
  let rules = maps.lower(into: &table)
  guard !rules.isEmpty else { return }
  table.addChain("publish", rules)
  let jump = context.rule([.destinationIsLocal(true)], .jump("publish"))
  table.addBase(
    "nat-prerouting",
    BaseChain(.nat, .prerouting, priority: HookPriority.destinationNAT),
    maps.hasIPv6 ? [linkLocal6, loopback6, jump] : [jump])
  table.addBase(
    "nat-output", BaseChain(.nat, .output, priority: HookPriority.destinationNAT),
    maps.hasIPv6 ? [loopback6, jump] : [jump])
}

/// The kernel has no path for `::1` to anywhere but the host itself.
private let loopback6 = Rule(
  [.destination(AddressMatch(IPAddress(family: .ipv6, bits: 1)))], [.verdict(.return)],
  comment: "the host answers for itself on ::1")

/// Packets from link-local addresses are never forwarded (RFC 4291, 2.5.6): the host keeps them.
private let linkLocal6 = Rule(
  [
    .source(
      AddressMatch(
        AddressPrefix(
          masking: IPAddress(family: .ipv6, bits: UInt128(0xFE80) << 112), length: 10)))
  ], [.verdict(.return)], comment: "link-local stays on its link")

/// The publishes of both families, by the form of map that holds them.
private struct PublishMaps {
  private var specific = PerFamily<[AddressMap.Element]>([])
  private var wildcard = PerFamily<[AddressMap.Element]>([])
  /// Ranges too large to spell out, on a specific address: a rule each.
  private var specificRanges: [Rule] = []
  private var intervals: [AddressFamily: [TransportProtocol: [AddressMap.Element]]] = [:]

  /// Makes room for the publishes that there are.
  init(_ publishes: [Publish]) {
    var (own4, own6, any4, any6) = (0, 0, 0, 0)
    for index in publishes.indices {
      let isWildcard = publishes[index].hostAddress == nil
      let families = publishes[index].familySet
      if families.hasIPv4 { if isWildcard { any4 += 1 } else { own4 += 1 } }
      if families.hasIPv6 { if isWildcard { any6 += 1 } else { own6 += 1 } }
    }
    specific.ipv4.reserveCapacity(own4)
    specific.ipv6.reserveCapacity(own6)
    wildcard.ipv4.reserveCapacity(any4)
    wildcard.ipv6.reserveCapacity(any6)
  }

  var hasIPv6: Bool { !wildcard.ipv6.isEmpty || intervals[.ipv6] != nil }

  mutating func add(
    _ publish: Publish, _ family: AddressFamily, to target: IPAddress, origin: consuming Origin
  ) {
    let isShifted = publish.targetPort != publish.hostPorts.lower
    guard publish.hostPorts.count > widestExpandedRange, !isShifted else {
      // To let go of it here spares two counts of a reference, of which there are a hundred thousand.
      addExact(publish, family, to: target, origin: consume origin)
      return
    }
    if let address = publish.hostAddress {
      specificRanges.append(
        Rule(
          [
            .destination(AddressMatch(address)), .transport(publish.transport),
            .destinationPort([publish.hostPorts]),
          ], [.destinationNAT(.address(target))], origin: origin))
      return
    }
    intervals[family, default: [:]][publish.transport, default: []].append(
      AddressMap.Element([.ports(publish.hostPorts)], to: target, port: nil, origin: origin))
  }

  private mutating func addExact(
    _ publish: Publish, _ family: AddressFamily, to target: IPAddress, origin: consuming Origin
  ) {
    let (transport, ports, port) = (publish.transport, publish.hostPorts, publish.targetPort)
    switch (publish.hostAddress, family) {
    case (let address?, .ipv4):
      let key = ElementKey(address, transport, ports)
      specific.ipv4.append(AddressMap.Element(key, to: target, port: port, origin: consume origin))
    case (let address?, .ipv6):
      let key = ElementKey(address, transport, ports)
      specific.ipv6.append(AddressMap.Element(key, to: target, port: port, origin: consume origin))
    case (nil, .ipv4):
      let key = ElementKey(transport, ports)
      wildcard.ipv4.append(AddressMap.Element(key, to: target, port: port, origin: consume origin))
    case (nil, .ipv6):
      let key = ElementKey(transport, ports)
      wildcard.ipv6.append(AddressMap.Element(key, to: target, port: port, origin: consume origin))
    }
  }

  /// Adds the maps and returns the rules that look packets up: the specific address first.
  func lower(into table: inout TableBuilder) -> [Rule] {
    var rules: [Rule] = []
    for family in AddressFamily.allCases {
      if specific[family].isEmpty { continue }
      rules.append(
        exact(
          "publish\(family.rawValue)", family, [.destinationAddress(family)], specific[family],
          &table))
    }
    rules += specificRanges
    for family in AddressFamily.allCases {
      if !wildcard[family].isEmpty {
        rules.append(exact("publish\(family.rawValue)-any", family, [], wildcard[family], &table))
      }
      for (transport, elements) in (intervals[family] ?? [:]).sorted(by: { $0.key < $1.key }) {
        rules.append(interval(family, transport, elements, &table))
      }
    }
    return rules
  }

  private func exact(
    _ name: String, _ family: AddressFamily, _ prefix: [KeyField],
    _ elements: [AddressMap.Element], _ table: inout TableBuilder
  ) -> Rule {
    table.add(
      AddressMap(
        name, family, prefix + [.transport, .destinationPort], rewritesPort: true,
        elements: elements))
    return Rule([.family(family)], [.destinationNAT(.map(name))])
  }

  private func interval(
    _ family: AddressFamily, _ transport: TransportProtocol, _ elements: [AddressMap.Element],
    _ table: inout TableBuilder
  ) -> Rule {
    let name = "publish\(family.rawValue)-\(transport)-ranges"
    table.add(
      AddressMap(
        name, family, [.destinationPort], rewritesPort: false, transport: transport,
        elements: elements))
    return Rule([.family(family), .transport(transport)], [.destinationNAT(.map(name))])
  }
}
