import NetworkTypes

/// Words for conditions on who sends.
struct SenderWords {
  let names: SiteNames
  let site: Site
  private var known: [Diagram: [String]] = [:]

  init(names: SiteNames, site: Site) {
    self.names = names
    self.site = site
  }

  /// Who is meant: `world` first, then the host, then networks and their guests.
  mutating func words(_ senders: Diagram, _ space: FlowSpace) -> [String] {
    if let words = known[senders] { return words }
    let result = described(senders, space)
    known[senders] = result
    return result
  }

  private func described(_ senders: Diagram, _ space: FlowSpace) -> [String] {
    var world: [(way: UInt128, words: [String])] = []
    var inside: [NetworkWords] = []
    for branch in space.store.branches(senders, HeaderField.input) where branch.child != .no {
      for way in branch.interval.lower...branch.interval.upper {
        if let network = wholeNetwork(branch.child, way, space) {
          inside.append(.whole(network))
          continue
        }
        let own = words(branch.child, from: way, space)
        if isWorld(way, space) {
          world.append((way, own))
        } else {
          inside.append(.words(own))
        }
      }
    }
    var result = worldWords(world, space)
    var seen = Set(result)
    for word in names.words(inside) where seen.insert(word).inserted {
      result.append(word)
    }
    return result
  }

  /// The network all of whose members send.
  private func wholeNetwork(_ part: Diagram, _ way: UInt128, _ space: FlowSpace) -> Int? {
    guard part == .yes, case .network(let interface) = space.interfaces.ways[Int(way)],
      let index = names.network(interface), !site.networks[index].isOnLAN, names.isHere(index)
    else { return nil }
    return index
  }

  private func isWorld(_ way: UInt128, _ space: FlowSpace) -> Bool {
    switch space.interfaces.ways[Int(way)] {
    case .named, .other, .port: true
    case .host, .network: false
    }
  }

  /// One word where it is the same by whichever interface.
  private func worldWords(
    _ world: [(way: UInt128, words: [String])], _ space: FlowSpace
  ) -> [String] {
    guard let first = world.first else { return [] }
    let all = space.interfaces.ways.indices.count { isWorld(UInt128($0), space) }
    if world.count == all, world.allSatisfy({ $0.words == first.words }) { return first.words }
    return world.flatMap { way, words in
      words.map { "\($0) by \(Self.interface(space.interfaces.ways[Int(way)]))" }
    }
  }

  private static func interface(_ way: InterfaceSpace.Way) -> String {
    switch way {
    case .host: "lo"
    case .network(let name), .port(let name, _), .named(let name): "\(name)"
    case .other: "other interfaces"
    }
  }

  private func words(_ part: Diagram, from way: UInt128, _ space: FlowSpace) -> [String] {
    var bySource: [(rest: Diagram, sources: [Interval])] = []
    for branch in space.store.branches(part, HeaderField.source) where branch.child != .no {
      if let index = bySource.firstIndex(where: { $0.rest == branch.child }) {
        bySource[index].sources.append(branch.interval)
      } else {
        bySource.append((branch.child, [branch.interval]))
      }
    }
    return bySource.flatMap { rest, sources in
      let note = notes(rest, space)
      return sourceWords(sources.united, from: way, space).map { $0 + note }
    }
  }

  private func sourceWords(
    _ sources: [Interval], from way: UInt128, _ space: FlowSpace
  ) -> [String] {
    switch space.interfaces.ways[Int(way)] {
    case .host: return hostWords(sources)
    case .named, .other: return names.part(sources, of: names.zones.world, named: "world")
    case .port: return strangers(sources)
    case .network(let interface):
      guard let index = names.network(interface) else { return [] }
      guard site.networks[index].isOnLAN else { return names.members(sources, of: index) }
      return guests(sources, index)
    }
  }

  /// On a LAN only guests send by unnamed ports.
  private func guests(_ sources: [Interval], _ index: Int) -> [String] {
    let network = site.networks[index]
    let guests = AddressZones.intervals(
      network.guests.flatMap(\.addresses).map { AddressRange($0) }, names.zones.family)
    return names.part(sources, of: guests, named: "guests of \(network.name)")
  }

  private func strangers(_ sources: [Interval]) -> [String] {
    let everywhere = (names.zones.members.flatMap { $0 } + names.zones.world).united
    let limit = AddressRange.all(names.zones.family).upperBits
    let guests = AddressZones.intervals(
      site.networks.flatMap(\.guests).flatMap(\.addresses).map { AddressRange($0) },
      names.zones.family)
    let strangers = AddressZones.common(everywhere, guests.complement(upTo: limit))
    return names.part(sources, of: strangers, named: "world")
  }

  private func hostWords(_ sources: [Interval]) -> [String] {
    let all = (names.zones.own + [Interval(0)]).united
    let plain = names.part(sources, of: all, named: "host")
    if plain.isEmpty { return sources.isEmpty ? [] : ["host"] }
    return plain == ["host"] ? plain : plain.map { "host as \($0)" }
  }

  /// What else is asked of the packet: source ports, the way out.
  private func notes(_ part: Diagram, _ space: FlowSpace) -> String {
    if part == .yes { return "" }
    var notes: [String] = []
    var exits = part
    let ports = space.store.branches(part, HeaderField.sourcePort)
    if ports.count > 1 {
      let present = ports.filter { $0.child != .no }
      notes.append(
        "source port "
          + names.numbers(present.map(\.interval)).joined(separator: ", "))
      exits = present.first?.child ?? .no
    }
    let ways = space.store.branches(exits, HeaderField.exit).filter { $0.child != .no }
    if exits != .yes {
      let words = ways.flatMap { branch in
        (branch.interval.lower...branch.interval.upper).map {
          Self.interface(space.interfaces.ways[Int($0)])
        }
      }
      notes.append("out by \(words.joined(separator: ", "))")
    }
    return notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
  }
}
