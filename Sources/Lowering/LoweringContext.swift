import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// What every part of the lowering reads and none changes.
struct LoweringContext {
  let policy: Policy
  let sources: SourceMap
  let capabilities: Set<Capability>
  /// For each network, a text for chain and set names: unique, and plain in every tool.
  let names: [String]
  /// The networks whose traffic the host's IP layer sees, by index.
  let seenNetworks: [Int]
  /// The part of them whose whole interface is theirs: not bridges with ports onto a LAN.
  let ownNetworks: [Int]
  let subnets: SubnetIndex
  /// The networks that some publish maps into.
  let translatedTargets: Set<Int>
  /// The addresses of the world, where guests share an interface with it; else nothing.
  let strangers: [AddressFamily: [AddressRange]]

  init(_ policy: Policy, sources: SourceMap, capabilities: Set<Capability>) {
    self.policy = policy
    self.sources = sources
    self.capabilities = capabilities
    names = objectNames(for: policy.networks.map(\.name.value))
    let seen = policy.networks.indices.filter { policy.networks[$0].attachment.isSeenByHost }
    seenNetworks = seen
    ownNetworks = seen.filter { !policy.networks[$0].isOnLAN }
    subnets = SubnetIndex(policy)
    strangers = everyoneBut(policy.networks.filter(\.isOnLAN))
    translatedTargets = Set(
      policy.publishes.lazy.filter { publish in
        publish.families.contains { policy.networks[publish.network].isTranslated($0) }
      }.map(\.network))
  }

  func network(_ index: Int) -> Network { policy.networks[index] }

  func interface(_ index: Int) -> InterfaceName {
    policy.networks[index].attachment.interface.value
  }

  func origin(_ span: SourceSpan?) -> Origin? {
    span.map { Origin(span: $0, location: sources.lineDescription($0)) }
  }

  /// Whether the network keeps its published ports from other networks and them from it.
  func isSealed(_ index: Int) -> Bool {
    network(index).isolation.value == .strict || network(index).isInternal
  }

  func has(_ capability: Capability) -> Bool { capabilities.contains(capability) }
}

extension Network {
  /// A bridge with ports of the host's own: part of the LAN, not only the host's guests.
  var isOnLAN: Bool {
    if case .bridge(let ports) = attachment.kind { !ports.isEmpty } else { false }
  }

  var isBridge: Bool {
    if case .bridge = attachment.kind { true } else { false }
  }

  var families: [AddressFamily] {
    AddressFamily.allCases.filter { family in subnets.contains { $0.value.family == family } }
  }

  /// The addresses of all guests in one family, as sorted ranges.
  func guestRanges(_ family: AddressFamily) -> [AddressRange] {
    AddressSet(guests.flatMap { $0.addresses(of: family) }.map { AddressRange($0) }).ranges
  }
}

/// All addresses but those of guests of `networks`, in the families that they have guests in.
private func everyoneBut(_ networks: [Network]) -> [AddressFamily: [AddressRange]] {
  var result: [AddressFamily: [AddressRange]] = [:]
  for family in AddressFamily.allCases {
    let guests = networks.flatMap { $0.guestRanges(family) }
    guard !guests.isEmpty else { continue }
    result[family] = AddressSet([AddressRange.all(family)]).subtracting(AddressSet(guests)).ranges
  }
  return result
}

/// Names for generated objects: the network's own where every tool takes it, changed and numbered
/// where not.
private func objectNames(for names: [String]) -> [String] {
  var taken: Set<String> = []
  return names.enumerated().map { index, name in
    let plain = String(
      decoding: name.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "_") }.prefix(40),
      as: UTF8.self)
    let unique = plain == name && taken.insert(plain).inserted ? plain : "\(plain)_\(index + 1)"
    taken.insert(unique)
    return unique
  }
}

private func isPlain(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
    true
  default: false
  }
}
