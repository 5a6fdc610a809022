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

  func target(_ publish: Publish, _ family: AddressFamily) -> IPAddress? {
    policy.networks[publish.network].guests[publish.guest].addresses
      .first { $0.value.family == family }?.value
  }

  var hasTranslatedPublish: Bool { !translatedTargets.isEmpty }

  func hasTranslatedPublish(into network: Int) -> Bool { translatedTargets.contains(network) }
}

/// The publish maps: one element a published port or range, for packets to the host's own
/// addresses, the host's own packets included.
func lowerPublishing(_ context: LoweringContext, into table: inout TableBuilder) {
  var maps = PublishMaps()
  for publish in context.policy.publishes {
    let origin = context.origin(publish.span)
    for family in publish.families where context.isTranslated(publish, family) {
      guard let target = context.target(publish, family) else { continue }
      maps.add(publish, family, to: target, origin: origin)
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
  private var specific: [AddressFamily: [AddressMap.Element]] = [:]
  private var wildcard: [AddressFamily: [AddressMap.Element]] = [:]
  /// Ranges too large to spell out, on a specific address: a rule each.
  private var specificRanges: [Rule] = []
  private var intervals: [AddressFamily: [TransportProtocol: [AddressMap.Element]]] = [:]

  var hasIPv6: Bool { wildcard[.ipv6] != nil || intervals[.ipv6] != nil }

  mutating func add(
    _ publish: Publish, _ family: AddressFamily, to target: IPAddress, origin: Origin?
  ) {
    let isShifted = publish.targetPort != publish.hostPorts.lower
    guard publish.hostPorts.count > widestExpandedRange, !isShifted else {
      addExact(publish, family, to: target, origin: origin)
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
    _ publish: Publish, _ family: AddressFamily, to target: IPAddress, origin: Origin?
  ) {
    let port: [KeyValue] = [.transport(publish.transport), .ports(publish.hostPorts)]
    if let address = publish.hostAddress {
      specific[family, default: []].append(
        AddressMap.Element(
          [.address(address)] + port, to: target, port: publish.targetPort, origin: origin))
    } else {
      wildcard[family, default: []].append(
        AddressMap.Element(port, to: target, port: publish.targetPort, origin: origin))
    }
  }

  /// Adds the maps and returns the rules that look packets up: the specific address first.
  func lower(into table: inout TableBuilder) -> [Rule] {
    var rules: [Rule] = []
    for family in AddressFamily.allCases {
      if let elements = specific[family] {
        rules.append(
          exact(
            "publish\(family.rawValue)", family, [.destinationAddress(family)], elements, &table))
      }
    }
    rules += specificRanges
    for family in AddressFamily.allCases {
      if let elements = wildcard[family] {
        rules.append(exact("publish\(family.rawValue)-any", family, [], elements, &table))
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
