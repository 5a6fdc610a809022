import Evaluation
import Netfilter
import NetworkTypes
import RulesetTestSupport

/// Small numbers that look random and depend on the seed alone (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var result = state
    result = (result ^ (result >> 30)) &* 0xBF58_476D_1CE4_E5B9
    result = (result ^ (result >> 27)) &* 0x94D0_49BB_1331_11EB
    return result ^ (result >> 31)
  }

  mutating func number(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

  mutating func isLikely(_ percent: Int) -> Bool { number(below: 100) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[number(below: elements.count)]
  }
}

/// Rulesets and packets from a world so small that they meet.
struct RulesetGenerator {
  private var random: SeededGenerator
  private let interfaces = ["a", "b", "c", "d"].map(Sample.interface)
  private let chainCount = 6
  private var hasConnectionMeter = false

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// The way to every address of this world, each by any of its interfaces.
  mutating func topology() -> Topology {
    let addresses = AddressFamily.allCases.flatMap { family in
      (0..<worldSize).map { address(family, UInt128($0)) }
    }
    let targets = ["10.9.0.1", "10.9.0.2"].map(Sample.address)
    return Topology(
      interfaces: interfaces.map { Topology.Interface($0, .plain) },
      routes: (addresses + targets).map { address in
        Topology.Route(
          AddressPrefix(masking: address, length: address.family.width),
          by: random.pick(interfaces))
      })
  }

  mutating func packet() -> (packet: Packet, ingress: Ingress) {
    let family = random.pick([AddressFamily.ipv4, .ipv4, .ipv6])
    let transports: [TransportProtocol] = [.tcp, .udp, family == .ipv4 ? .icmp : .icmpv6]
    var packet = Packet.first(
      random.pick(transports), from: address(family), port: UInt16(random.number(below: 60)),
      to: address(family), port: UInt16(random.number(below: 60)))
    packet.mark = UInt32(random.number(below: 4))
    return (packet, .interface(random.pick(interfaces)))
  }

  /// A table whose base chain is `base`, at the forward hook, or for rewriting at prerouting.
  mutating func table(rewriting: Bool) -> Table {
    var table = Table(family: .inet, name: "bridgeward")
    table.sets = [
      NamedSet("interfaces", .interfaces(Array(interfaces[0..<random.number(below: 4)]))),
      NamedSet("few4", .addresses(.ipv4, ranges(.ipv4, random.number(below: 4)))),
      NamedSet("many4", .addresses(.ipv4, ranges(.ipv4, 6))),
      NamedSet("some6", .addresses(.ipv6, ranges(.ipv6, 3))),
      NamedSet("meter4", .meter(.ipv4)), NamedSet("connections4", .meter(.ipv4)),
    ]
    table.verdictMaps = (0..<chainCount).map { verdictMap("map\($0)", callsAbove: $0) }
    table.addressMaps = [addressMap()]
    table.chains = (0..<chainCount).map { chain in
      Chain(
        "c\(chain)",
        rules: (0..<random.number(below: 6)).map { _ in
          rule(in: chain, rewriting: rewriting, table.verdictMaps)
        })
    }
    let base =
      rewriting
      ? BaseChain(.nat, .prerouting, priority: HookPriority.destinationNAT)
      : BaseChain(.filter, .forward, priority: HookPriority.filter)
    table.chains.append(
      Chain(
        "base", .base(base),
        rules: (0..<3).map { _ in rule(in: -1, rewriting: rewriting, table.verdictMaps) }))
    return table
  }

  private let worldSize = 24

  private mutating func address(_ family: AddressFamily) -> IPAddress {
    address(family, UInt128(random.number(below: worldSize)))
  }

  private func address(_ family: AddressFamily, _ number: UInt128) -> IPAddress {
    IPAddress(family: family, bits: (family == .ipv4 ? 0x0A00_0000 : 0x2001 << 112) + number)
  }

  private mutating func ranges(_ family: AddressFamily, _ count: Int) -> [AddressRange] {
    AddressSet(
      (0..<count).map { _ -> AddressRange in
        let first = address(family)
        let size = UInt128(random.number(below: 3))
        return AddressRange(
          family: family, lowerBits: first.bits, upperBits: first.bits + size)
      }
    ).ranges
  }

  private mutating func ports(_ count: Int) -> [PortRange] {
    (0..<count).map { _ in
      let lower = UInt16(random.number(below: 60))
      return PortRange(lower, lower + UInt16(random.number(below: 2)))
    }.sorted()
  }

  private mutating func verdict(callsAbove chain: Int) -> Verdict {
    let verdicts: [Verdict] = [.accept, .drop, .return, .return]
    guard chain + 1 < chainCount, random.isLikely(60) else { return random.pick(verdicts) }
    let callee = "c\(chain + 1 + random.number(below: chainCount - chain - 1))"
    return random.isLikely(50) ? .jump(callee) : .goto(callee)
  }

  private mutating func verdictMap(_ name: String, callsAbove chain: Int) -> VerdictMap {
    if random.isLikely(50) {
      return VerdictMap(
        name, [.inputInterface],
        elements: interfaces.dropLast(random.number(below: 3)).map {
          VerdictMap.Element([.interface($0)], verdict(callsAbove: chain))
        })
    }
    let keys = Set((0..<12).map { _ in random.number(below: 60) }).sorted()
    return VerdictMap(
      name, [.transport, .destinationPort],
      elements: keys.map { port in
        VerdictMap.Element(
          [.transport(random.pick([.tcp, .udp])), .ports(PortRange(UInt16(port)))],
          verdict(callsAbove: chain), origin: random.isLikely(50) ? Sample.origin(1) : nil)
      })
  }

  private mutating func addressMap() -> AddressMap {
    var elements: [AddressMap.Element] = []
    var port = random.number(below: 5)
    while port < 60 {
      let width = random.number(below: 4)
      let target = random.isLikely(40) ? port : 100 + random.number(below: 3) * 50 + port
      elements.append(
        AddressMap.Element(
          [.transport(.tcp), .ports(PortRange(UInt16(port), UInt16(port + width)))],
          to: Sample.address(random.isLikely(70) ? "10.9.0.1" : "10.9.0.2"),
          port: UInt16(target), origin: random.isLikely(50) ? Sample.origin(2) : nil))
      port += width + 1 + random.number(below: 3)
    }
    return AddressMap(
      "publish4", .ipv4, [.transport, .destinationPort], rewritesPort: true, elements: elements)
  }

  private mutating func rule(
    in chain: Int, rewriting: Bool, _ maps: [VerdictMap]
  ) -> Rule {
    var actions: [Action] = random.isLikely(30) ? [.counter] : []
    if random.isLikely(30) { actions.append(.log(prefix: "\(random.number(below: 1000))")) }
    if random.isLikely(20) {
      actions.append(.setMark(PacketMark(value: UInt32(random.number(below: 2)), mask: 1)))
    }
    let matches = matches(rewriting: rewriting)
    if rewriting, random.isLikely(30) {
      actions.append(.destinationNAT(.map("publish4")))
    } else if chain + 1 < chainCount, random.isLikely(35) {
      let map = maps[chain + 1]
      actions.append(.dispatch(map.fields, map: map.name))
    } else if random.isLikely(80) {
      actions.append(.verdict(verdict(callsAbove: chain)))
    }
    return Rule(matches, actions.isEmpty ? [.counter] : actions)
  }

  private mutating func matches(rewriting: Bool) -> [Match] {
    var matches: [Match] = []
    if random.isLikely(40) { matches.append(.inputInterface(interfaceMatch())) }
    if !rewriting, random.isLikely(20) { matches.append(.outputInterface(interfaceMatch())) }
    if random.isLikely(15) { matches.append(.inputInterface(interfaceMatch())) }
    if random.isLikely(40) { matches.append(.source(addressMatch())) }
    if random.isLikely(20) { matches.append(.destination(addressMatch())) }
    if random.isLikely(15) { matches.append(.source(addressMatch())) }
    if random.isLikely(20) { matches.append(.mark(PacketMark(value: 1, mask: 1))) }
    if random.isLikely(30) {
      matches.append(.transport(random.pick([.tcp, .udp])))
      if random.isLikely(30) { matches.append(.sourcePort(ports(3))) }
      if random.isLikely(60) {
        matches.append(.destinationPort(ports(1 + random.number(below: 24))))
      }
    }
    if random.isLikely(15) {
      let isMetered = random.isLikely(50)
      matches.append(
        .limit(
          Limit(
            count: 1000, unit: .second, burst: isMetered ? 3 : UInt32(1 + random.number(below: 9)),
            perSourceMeter: isMetered ? "meter4" : nil)))
    }
    // A meter counts for one rule, as in what the compiler makes.
    if random.isLikely(10), !hasConnectionMeter {
      hasConnectionMeter = true
      matches.append(
        .connectionsOver(
          count: UInt32(1 + random.number(below: 3)), perSource: true, meter: "connections4"))
    }
    // A meter of IPv4 sources counts IPv4 only.
    return matches.contains(where: \.isMetered) ? [.family(.ipv4)] + matches : matches
  }

  private mutating func interfaceMatch() -> InterfaceMatch {
    switch random.number(below: 4) {
    case 0: .equals(random.pick(interfaces))
    case 1: .differs(random.pick(interfaces))
    case 2: .isIn("interfaces")
    default: .isNotIn("interfaces")
    }
  }

  private mutating func addressMatch() -> AddressMatch {
    let negated = random.isLikely(40)
    switch random.number(below: 5) {
    case 0: return AddressMatch(address(.ipv4), negated: negated)
    case 1: return AddressMatch(.range(ranges(.ipv4, 1)[0]), negated: negated)
    case 2: return AddressMatch(.set("few4", .ipv4), negated: negated)
    case 3: return AddressMatch(.set("many4", .ipv4), negated: negated)
    default: return AddressMatch(.set("some6", .ipv6), negated: negated)
    }
  }
}

extension Match {
  fileprivate var isMetered: Bool {
    switch self {
    case .limit(let limit): limit.perSourceMeter != nil
    case .connectionsOver: true
    default: false
    }
  }
}
