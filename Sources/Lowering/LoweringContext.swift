import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// What every part of the lowering reads and none changes.
struct LoweringContext {
  let policy: Policy
  let sources: SourceMap
  /// What the kernel can do.
  private(set) var capabilities: Set<Capability> = []
  /// Whether rules may ask for the connections of frames between ports.
  private(set) var tracksFrames = false
  /// For each network, a text for chain and set names: unique, and plain in every tool.
  let names: [String]
  /// The networks whose traffic the host's IP layer sees, by index.
  let seenNetworks: [Int]
  /// The part of them whose whole interface is theirs: not bridges with ports onto a LAN.
  let ownNetworks: [Int]
  /// The interfaces of all networks that the host sees, sorted.
  let seenInterfaces: [InterfaceName]
  /// The interfaces that belong to networks alone, sorted.
  let ownInterfaces: [InterfaceName]
  /// The networks in which publishes are mappings, by family.
  let translations: TranslatedNetworks
  let subnets: SubnetIndex
  /// For each network, the first address of each guest; asked once for every publish.
  let guestAddresses: [PerFamily<[IPAddress?]>]
  /// The networks that some publish maps into.
  let translatedTargets: Set<Int>
  /// What the peer `world` stands for.
  let world: [AddressFamily: [Endpoint]]
  /// The policy's `allow`, `deny` and `reject` lines with all that they cover.
  private(set) var access: [Flow] = []
  /// The same for `default` lines.
  private(set) var defaults: [Flow] = []
  /// The networks whose frames between ports are judged: `icc off`, or lines that refuse or log
  /// flows between members. Frames never come by the IP layer unless somebody hands them to it.
  private(set) var bridgedNetworks: [Int] = []
  /// The part of them that have a line that counts or logs.
  private(set) var countedNetworks: [Int] = []

  init(_ policy: Policy, sources: SourceMap) {
    self.policy = policy
    self.sources = sources
    names = objectNames(for: policy.networks.map(\.name.value))
    let seen = policy.networks.indices.filter { policy.networks[$0].attachment.isSeenByHost }
    seenNetworks = seen
    let own = seen.filter { !policy.networks[$0].isOnLAN }
    ownNetworks = own
    seenInterfaces = seen.map { policy.networks[$0].attachment.interface.value }.sorted()
    ownInterfaces = own.map { policy.networks[$0].attachment.interface.value }.sorted()
    subnets = SubnetIndex(policy)
    guestAddresses = policy.networks.map { $0.firstAddresses }
    world = worldEndpoints(policy, seen: seen)
    let translations = TranslatedNetworks(policy.networks)
    self.translations = translations
    translatedTargets = translations.targets(of: policy.publishes)
    access = policy.access.map { Flow($0, cases: cases(of: $0)) }
    defaults = policy.defaults.map { Flow($0, cases: cases(of: $0)) }
    bridgedNetworks = networksWithJudgedFrames()
    countedNetworks = networksWithCountedFrames()
  }

  /// The same for a kernel that can do so much.
  func on(_ capabilities: Set<Capability>) -> LoweringContext {
    var result = self
    result.capabilities = capabilities
    result.tracksFrames = capabilities.contains(.bridgeConntrack) && countsFrames
    return result
  }

  func network(_ index: Int) -> Network { policy.networks[index] }

  func interface(_ index: Int) -> InterfaceName {
    policy.networks[index].attachment.interface.value
  }

  func origin(_ span: SourceSpan?) -> Origin? {
    span.map { Origin(span: $0, file: sources.name(of: $0), line: sources.line(of: $0)) }
  }

  /// Whether the network keeps its published ports from other networks and them from it.
  func isSealed(_ index: Int) -> Bool {
    network(index).isolation.value == .strict || network(index).isInternal
  }

  /// Whether rules may ask for the bridge of a frame.
  var knowsBridges: Bool { capabilities.contains(.bridgeMeta) }
}

/// In which networks publishes are mappings; asked once for every publish.
struct TranslatedNetworks {
  private let byNetwork: [FamilySet]

  init(_ networks: [Network]) {
    byNetwork = networks.map { network in
      network.masquerades.reduce(into: []) { $0.insert(FamilySet($1.family)) }
    }
  }

  func families(of network: Int) -> FamilySet { byNetwork[network] }

  func contains(_ network: Int, _ family: AddressFamily) -> Bool {
    byNetwork[network].contains(family)
  }

  /// The networks that some of `publishes` map into.
  func targets(of publishes: [Publish]) -> Set<Int> {
    var isTarget = [Bool](repeating: false, count: byNetwork.count)
    for index in publishes.indices {
      let network = publishes[index].network
      if isTarget[network] { continue }
      isTarget[network] = !byNetwork[network].isDisjoint(with: publishes[index].familySet)
    }
    return Set(isTarget.indices.filter { isTarget[$0] })
  }
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

  /// The first address of each guest.
  fileprivate var firstAddresses: PerFamily<[IPAddress?]> {
    var result = PerFamily<[IPAddress?]>([])
    result.ipv4 = guests.map { $0.firstAddress(.ipv4) }
    result.ipv6 = guests.map { $0.firstAddress(.ipv6) }
    return result
  }

  /// The addresses of all guests in one family, as sorted ranges.
  func guestRanges(_ family: AddressFamily) -> [AddressRange] {
    AddressSet(guests.flatMap { $0.addresses(of: family) }.map { AddressRange($0) }).ranges
  }
}

extension Guest {
  fileprivate func firstAddress(_ family: AddressFamily) -> IPAddress? {
    for index in addresses.indices where addresses[index].value.family == family {
      return addresses[index].value
    }
    return nil
  }
}

/// Names for generated objects: the network's own where every tool takes it, changed and numbered
/// where not.
private func objectNames(for names: [String]) -> [String] {
  var taken: Set<String> = []
  return names.enumerated().map { index, name in
    let plain = String(
      decoding: name.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "_") }.prefix(40),
      as: UTF8.self)
    var unique = plain == name ? plain : "\(plain)_\(index + 1)"
    // Another network may be called so outright.
    while !taken.insert(unique).inserted { unique += "_\(index + 1)" }
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
