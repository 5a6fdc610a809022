import Evaluation
import Netfilter
import NetworkTypes

/// Makes up talks that should meet a part of a program, or something that it leads to.
struct TalkAuthor {
  let paths: RulePaths
  let laboratory: Laboratory
  private var random: EvenNumbers
  /// How many at once are too many for every limit around the part; 0 where there is none.
  private var crowd = 0
  private let ports: [UInt16]
  private let learns: Bool

  init(_ paths: RulePaths, _ laboratory: Laboratory, seed: UInt64) {
    self.paths = paths
    self.laboratory = laboratory
    random = EvenNumbers(state: seed)
    learns = paths.program.tables.flatMap(\.sets).contains {
      if case .learnedInterfaces = $0.content { true } else { false }
    }
    ports = [7] + paths.program.destinationPorts
  }

  /// Begins anew, so that what is made up for a part does not hang on the parts before it.
  mutating func restart(_ part: Part, seed: UInt64) {
    random = EvenNumbers(state: seed &+ part.number)
    let most = paths.mostAllowed(around: part)
    crowd = most == 0 ? 0 : min(most + 2, 210)
  }

  /// What leads to the part: a way, and the demands of the part itself.
  func routes(to part: Part) -> [RulePath] {
    let program = paths.program
    let table = part.table
    switch part {
    case .rule(_, let chain, let index):
      let rule = program.tables[table].chains[chain].rules[index]
      // What a set has learned is seen where it is asked for.
      if let set = rule.learnedSet { return users(table) { $0.asksFor(set) }.map(\.0) }
      return paths.paths(to: chain, table).flatMap { path in
        (paths.descents(rule, table) + paths.sparings(rule, index, chain, table)).map {
          path.adding(rule.conditions.map { .condition($0, table: table) } + $0)
        }
      }
    case .chain(_, let chain):
      let rules = program.tables[table].chains[chain].rules
      return (0..<rules.number).flatMap {
        routes(to: .rule(table: table, chain: chain, rule: $0)).prefix(4)
      }
    case .verdict(_, let map, let element):
      let map = program.tables[table].verdictMaps[map]
      return users(table) { $0.looksUp(verdicts: map.name) }.flatMap { path, _ in
        let own = paths.verdicts(map.name, table)[element]
        let behind = paths.descents(
          Program.Rule([], [.action(.verdict(own.verdict))]), table)
        return behind.map { path.adding(own.demands + $0) }
      }
    case .translation(_, let map, let element):
      let map = program.tables[table].addressMaps[map]
      return users(table) { $0.looksUp(addresses: map.name) }.map { path, _ in
        path.adding(paths.elements(map.name, table)[element].demands)
      }
    case .member(_, let set, let element):
      let set = program.tables[table].sets[set]
      return users(table) { $0.asksFor(set.name) }.flatMap { path, rule in
        paths.descents(rule, table).map {
          // Whether the set is asked for what is in it or not, the element is what matters.
          RulePath(
            base: path.base, scope: path.scope,
            demands: path.demands.map { $0.narrowed(to: element, of: set) } + $0)
        }
      }
    }
  }

  /// The ways to all rules that `isUser` holds for, with the rules' own demands.
  private func users(
    _ table: Int, _ isUser: (Program.Rule) -> Bool
  ) -> [(RulePath, Program.Rule)] {
    var result: [(RulePath, Program.Rule)] = []
    for (chain, content) in paths.program.tables[table].chains.enumerated() {
      for index in 0..<content.rules.number {
        let rule = content.rules[index]
        guard isUser(rule) else { continue }
        let own = rule.conditions.map { Demand.condition($0, table: table) }
        result += paths.paths(to: chain, table).map { ($0.adding(own), rule) }
      }
    }
    return result
  }

  /// A talk by one of the routes; `nil` where chance chose what cannot be.
  mutating func talk(_ routes: [RulePath], number: Int, isVaried: Bool) -> Talk? {
    guard !routes.isEmpty else { return nil }
    let route = number < min(routes.count, 4) && !isVaried ? routes[number] : random.pick(routes)
    var picture = Picture(route, paths.program)
    for mark in picture.marks {
      let ways = paths.preparations(mark)
      if !ways.isEmpty { picture.add(random.pick(ways), paths.program) }
    }
    let families = [AddressFamily.ipv4, .ipv6].filter(picture.families.contains)
    guard let family = families.randomElement(using: &random) else { return nil }
    let rareness = picture.asksForLearned ? 2 : 6
    if picture.layer == .bridge, learns, random.number(below: rareness) == 0,
      let talk = stray(picture, family)
    {
      return talk
    }
    guard let dial = dial(picture, family), let (source, ingress) = sender(picture, family, dial)
    else { return nil }
    let hardware = hardware(picture, ingress)
    let packet = Packet(
      from: source, to: dial.destination,
      content(picture, family, dial, hardware, isVaried: isVaried), sourceMAC: hardware)
    if picture.isReply, random.number(below: 2) == 0,
      let reversed = reversed(packet, dial, kind: kind(packet, picture, isVaried: true))
    {
      return reversed
    }
    if isVaried, picture.hook != .output, random.number(below: 8) == 0 {
      return Talk(
        packet: packet, ingress: ingress.forHost, kind: kind(packet, picture, isVaried: isVaried))
    }
    return Talk(
      packet: packet, ingress: ingress, kind: kind(packet, picture, isVaried: isVaried))
  }

  /// A frame for everybody that bears addresses of other networks, so that only its ports tell
  /// which bridge it is on.
  private mutating func stray(_ picture: Picture, _ family: AddressFamily) -> Talk? {
    let places = laboratory.ingresses.filter { ingress in
      picture.inputs.allSatisfy { $0.holds(anyOf: laboratory.names(ingress)) }
        && laboratory.isPort(ingress)
    }
    let neighbors = laboratory.topology.neighbors.compactMap(\.addresses.first)
    guard !places.isEmpty, !neighbors.isEmpty else { return nil }
    let place = random.pick(places)
    let own = laboratory.own(place, family, to: laboratory.world[family])
    let sources = (own.prefix(1) + [laboratory.world[family]]).filter { address in
      picture.sources.allSatisfy { $0.holds(address) }
    }
    let destinations = laboratory.addresses(family, picture.destinations).filter {
      $0.isMulticast || laboratory.isBehindPort($0)
    }
    guard !sources.isEmpty, !destinations.isEmpty else { return nil }
    var packet = Packet(
      from: random.pick(sources), to: random.pick(destinations),
      .ports(.udp, from: 40_000, to: 7))
    packet.sourceMAC = laboratory.hardware(place)
    return Talk(
      packet: packet, ingress: place,
      kind: .afterSilence(random.number(below: 3) == 0 ? nil : random.pick(neighbors)))
  }

  /// The same talk, but of another kind.
  mutating func variation(of talk: Talk) -> Talk {
    if laboratory.isForMany(talk.packet.destination) || talk.packet.isMessage { return talk }
    let kinds: [Talk.Kind] =
      crowd > 0
      ? [.crowd(crowd), .repeated(crowd), .long(crowd), .nobody, .complaint]
      : [.nobody, .complaint, .once, .connection]
    return Talk(packet: talk.packet, ingress: talk.ingress, kind: random.pick(kinds))
  }

  /// Who is called, and where the call is to arrive.
  private struct Dial {
    var destination: IPAddress
    var port: UInt16?
    var transport: TransportProtocol?
    var inputs: [Picture.Wish<InterfaceName>] = []
  }

  private mutating func dial(_ picture: Picture, _ family: AddressFamily) -> Dial? {
    if picture.isTranslated == true
      || picture.isTranslated == nil && picture.isPastRewriting && random.number(below: 4) == 0
    {
      if let dial = published(picture, family) { return dial }
      if picture.isTranslated == true { return nil }
    }
    let found = laboratory.addresses(family, picture.destinations).filter { suits($0, picture) }
    guard !found.isEmpty else { return nil }
    if picture.layer == .bridge, random.number(below: 4) == 0,
      let group = found.filter(laboratory.isForMany).randomElement(using: &random)
    {
      return Dial(destination: group)
    }
    // Members and the world are asked first.
    let world = laboratory.world[family]
    switch random.number(below: 6) {
    case 0, 1: return Dial(destination: found[0])
    case 2 where found.contains(world): return Dial(destination: world)
    case _: return Dial(destination: random.pick(found))
    }
  }

  private func suits(_ destination: IPAddress, _ picture: Picture) -> Bool {
    let isOwn = laboratory.isOwn(destination)
    if let wanted = picture.isDestinationOwn, wanted != isOwn { return false }
    if picture.layer == .host, picture.destinations.allSatisfy(\.isNegated) {
      switch picture.hook {
      case .forward: if isOwn { return false }
      case .input: if !isOwn && !laboratory.isForMany(destination) { return false }
      case .prerouting, .output, .postrouting: break
      }
    }
    guard !picture.outputs.isEmpty else { return true }
    return laboratory.ways(to: destination).contains { names in
      picture.outputs.allSatisfy { $0.holds(anyOf: names) }
    }
  }

  /// A published port that leads to what the picture shows.
  private mutating func published(_ picture: Picture, _ family: AddressFamily) -> Dial? {
    var target = picture
    target.isDestinationOwn = nil
    let fitting = paths.rewritings.filter { rewriting in
      rewriting.target.family == family
        && picture.destinations.allSatisfy { $0.holds(rewriting.target) }
        && suits(rewriting.target, target)
    }
    guard !fitting.isEmpty else { return nil }
    let rewriting = random.pick(fitting)
    let ways = paths.paths(to: rewriting)
    guard !ways.isEmpty else { return nil }
    let dialled = Picture(random.pick(ways), paths.program)
    if let wanted = picture.transport, let own = dialled.transport, wanted != own { return nil }
    let found = laboratory.addresses(family, dialled.destinations)
      .filter { laboratory.isOwn($0) || !dialled.destinations.isEmpty }
    guard !found.isEmpty else { return nil }
    return Dial(
      destination: random.pick(found), port: dialled.destinationPorts?.first?.lower,
      transport: dialled.transport, inputs: dialled.inputs)
  }

  private mutating func sender(
    _ picture: Picture, _ family: AddressFamily, _ dial: Dial
  ) -> (IPAddress, Ingress)? {
    let wishes = picture.inputs + dial.inputs
    var places = laboratory.ingresses.filter { ingress in
      wishes.allSatisfy { $0.holds(anyOf: laboratory.names(ingress)) }
    }
    if picture.hook == .output, picture.layer == .host { places = [.host] }
    guard !places.isEmpty else { return nil }
    let wanted = picture.sources.filter { !$0.isNegated }
    if !wanted.isEmpty || picture.isSourceOwn != nil {
      let found = laboratory.addresses(family, picture.sources).filter {
        picture.isSourceOwn == nil || laboratory.isOwn($0) == picture.isSourceOwn
      }
      guard !found.isEmpty else { return nil }
      let source = random.pick(found)
      if let place = laboratory.ingress(of: source), places.contains(place),
        random.number(below: 8) > 0
      {
        return (source, place)
      }
      return (source, random.pick(places))
    }
    let place = random.pick(places)
    let own = laboratory.own(place, family, to: dial.destination).filter { address in
      picture.sources.allSatisfy { $0.holds(address) }
    }
    let trust = picture.layer == .bridge ? 2 : 8
    if let first = own.first, random.number(below: trust) > 0 {
      return (random.number(below: 2) == 0 ? first : random.pick(own), place)
    }
    let found = laboratory.addresses(family, picture.sources)
    return found.isEmpty ? nil : (random.pick(found), place)
  }

  private mutating func hardware(_ picture: Picture, _ ingress: Ingress) -> MACAddress? {
    guard let wish = picture.hardware, case .interface = ingress else {
      return laboratory.hardware(ingress)
    }
    if !wish.isNegated { return wish.values.first }
    return random.number(below: 2) == 0
      ? laboratory.hardware(ingress) : MACAddress(bits: 0x0242_0909_0909)
  }

  private func reversed(_ packet: Packet, _ dial: Dial, kind: Talk.Kind) -> Talk? {
    guard let ingress = laboratory.ingress(of: packet.destination) else { return nil }
    let content: Packet.Content
    switch packet.content {
    case .tcp(let from, let to, _): content = .tcp(from: to, to: from, .opening)
    case .ports(let transport, let from, let to):
      content = .ports(transport, from: to, to: from)
    default: content = packet.content
    }
    var result = Packet(from: packet.destination, to: packet.source, content)
    result.sourceMAC = laboratory.hardware(ingress)
    return Talk(packet: result, ingress: ingress, kind: kind)
  }

  private mutating func content(
    _ picture: Picture, _ family: AddressFamily, _ dial: Dial, _ hardware: MACAddress?,
    isVaried: Bool
  ) -> Packet.Content {
    if picture.isARP {
      guard let wish = picture.arpHardware else { return .arp(senderMAC: hardware) }
      return .arp(
        senderMAC: wish.isNegated ? MACAddress(bits: 0x0242_0909_0909) : wish.values.first)
    }
    if let wishes = picture.neighborTargets {
      let targets = laboratory.addresses(.ipv6, wishes)
      return .neighbor(
        type: picture.icmp?.type ?? ICMPType.neighborAdvertisement,
        target: targets.isEmpty ? dial.destination : random.pick(targets))
    }
    if let (type, code) = picture.icmp {
      if family == .ipv6, type == 135 || type == 136 {
        return .neighbor(type: type, target: dial.destination)
      }
      return .icmp(type: type, code: code ?? 0, identifier: type == 8 || type == 128 ? 40_000 : 0)
    }
    // No other protocol has packets that no connection can begin with.
    let transport =
      picture.transport ?? dial.transport ?? (picture.states == [.invalid] ? .tcp : nil)
      ?? random.pick(isVaried ? Self.transports(family) : [.tcp, .udp])
    let from =
      picture.sourcePorts?.first?.lower
      ?? (isVaried && random.number(below: 6) == 0 ? random.pick(ports) : 40_000)
    let to = picture.destinationPorts.map { port(in: $0) } ?? dial.port ?? anyPort(isVaried)
    if transport == .tcp { return .tcp(from: from, to: to, segment(picture)) }
    if transport == .icmp || transport == .icmpv6 {
      return .icmp(type: ICMPType.echoRequest(family), code: 0, identifier: from)
    }
    return transport.hasPorts ? .ports(transport, from: from, to: to) : .other(transport)
  }

  private mutating func anyPort(_ isVaried: Bool) -> UInt16 {
    isVaried || random.number(below: 3) == 0 ? random.pick(ports) : 7
  }

  private mutating func port(in ranges: [PortRange]) -> UInt16 {
    let range = random.pick(ranges)
    return random.number(below: 4) == 0 ? range.upper : range.lower
  }

  private mutating func segment(_ picture: Picture) -> Packet.TCPSegment {
    if picture.states == [.invalid] { return random.pick([.answering, .reset]) }
    if picture.isAttempt == false { return random.pick([.opening, .answering, .later, .reset]) }
    return random.number(below: 12) == 0 ? random.pick([.later, .answering, .reset]) : .opening
  }

  private static func transports(_ family: AddressFamily) -> [TransportProtocol] {
    [.tcp, .udp, .tcp, .udp, family == .ipv4 ? .icmp : .icmpv6, .gre, .sctp]
  }

  private mutating func kind(
    _ packet: Packet, _ picture: Picture, isVaried: Bool
  ) -> Talk.Kind {
    if laboratory.isForMany(packet.destination) || packet.isMessage { return .once }
    if picture.states == [.invalid] { return .once }
    guard isVaried else { return .connection }
    if crowd > 0, random.number(below: 3) == 0 {
      return random.pick([.crowd(crowd), .repeated(crowd), .long(crowd)])
    }
    return random.pick([.connection, .connection, .nobody, .complaint, .once])
  }
}

extension Picture {
  /// Whether packets of known connections are meant.
  fileprivate var isReply: Bool {
    isRemembered || states.map { !$0.contains(.new) && !$0.contains(.invalid) } ?? false
      || isAttempt == false || sourcePorts != nil
  }
}

extension Ingress {
  fileprivate var forHost: Ingress {
    switch self {
    case .host: .host
    case .interface(let name, _): .interface(name, for: .host)
    }
  }
}

extension Packet {
  /// Whether nobody answers such a packet as the first of a connection.
  fileprivate var isMessage: Bool {
    switch content {
    case .arp, .neighbor: true
    case .tcp, .ports, .icmp, .icmpError, .other: false
    }
  }
}
