import Netfilter
import NetworkTypes

/// Turns groups of one family into words.
struct RowWriter {
  private let names: SiteNames
  private var senders: SenderWords
  private var services: ServiceWords
  private let site: Site
  private let zones: AddressZones

  init(
    _ site: Site, lists: [NamedAddresses], _ zones: AddressZones, _ space: inout FlowSpace
  ) {
    self.site = site
    self.zones = zones
    names = SiteNames(site, zones, lists: lists)
    senders = SenderWords(names: names, site: site)
    let valid = Validity(site: site, zones: zones).services(&space)
    services = ServiceWords(valid: valid, family: zones.family)
  }

  /// The rows of a group: one for each kind of place.
  mutating func rows(
    _ group: FlowGroup, _ fate: Fate, _ space: inout FlowSpace
  ) -> [FlowRow] {
    let (local, others) = (group.destinations.local, group.destinations.others)
    let networks = names.members(others)
    let who = senders.words(group.senders, space)
    let what = services.words(group.services, &space)
    let places: [(FlowRow.Place, [String])] = [
      (.host, localWords(local)), (.network, networks),
      (.world, names.part(others, of: zones.world, named: "world")),
    ]
    return places.compactMap { place, words in
      words.isEmpty
        ? nil
        : FlowRow(
          families: [zones.family], place: fate.target >= 0 ? .published : place, senders: who,
          destinations: words, services: what, target: target(fate, group, space),
          reason: reason(fate, space),
          conditions: space.outcomes.conditionLists[Int(fate.conditions)],
          seenSource: seenSource(fate, space))
    }
  }

  /// `host` for all of its addresses; addresses that nobody said are its own are told as such.
  private func localWords(_ values: [Interval]) -> [String] {
    let plain = names.part(values, of: zones.dialable, named: "host")
    if plain.isEmpty { return names.addresses(AddressZones.common(values, [zones.loopback])) }
    if plain.count == 1, plain[0].hasPrefix("host") { return plain }
    let known = AddressZones.common(values, zones.own)
    let others = AddressZones.common(values, zones.notOwn)
    if others.isEmpty { return names.addresses(known) }
    let isOneName = plain.count == 1 || known.isEmpty
    if isOneName { return plain.map { "host at \($0)" } }
    return names.addresses(known)
      + names.part(others, of: zones.dialable, named: "host").map { "host at \($0)" }
  }

  /// Where the published ports lead.
  func target(_ fate: Fate, _ group: FlowGroup, _ space: FlowSpace) -> String? {
    guard fate.target >= 0 else { return nil }
    let target = space.outcomes.targets[Int(fate.target)]
    let name = names.guest(target.address)
    let ports = ServiceWords.ports(group.services, space)
    if target.shift == 0, ports.count != 1 { return name }
    let inside = ports.map {
      PortRange($0.lower &+ target.shift, max($0.lower &+ target.shift, $0.upper &+ target.shift))
    }
    let text = inside.map(\.description).joined(separator: ", ")
    return name.contains(":") ? "[\(name)]:\(text)" : "\(name):\(text)"
  }

  /// The line that decides.
  func reason(_ fate: Fate, _ space: FlowSpace) -> Reason? {
    fate.reason < 0 ? nil : space.outcomes.reasons[Int(fate.reason)]
  }

  /// What the server sees as source; `nil` for the sender's own.
  func seenSource(_ fate: Fate, _ space: FlowSpace) -> String? {
    guard fate.source >= 0 else { return nil }
    switch space.outcomes.sources[Int(fate.source)] {
    case .interface(let ports): return "the host's address" + Self.suffix(ports)
    case .addresses(let range, let ports): return "\(range)" + Self.suffix(ports)
    }
  }

  private static func suffix(_ ports: PortRange?) -> String {
    ports.map { " ports \($0)" } ?? ""
  }
}
