import Netfilter
import NetworkTypes

extension TableCompiler {
  /// What a rule asks for, of the first packet of a connection.
  mutating func conditions(of rule: Rule, _ space: FlowSpace) -> Conditions {
    var result = Conditions()
    for match in rule.matches { require(match, space, &result) }
    return result
  }

  private mutating func require(
    _ match: Match, _ space: FlowSpace, _ conditions: inout Conditions
  ) {
    switch match {
    case .family(let family): if family != space.family { conditions.refuse() }
    case .etherType(let type): if type != space.etherType { conditions.refuse() }
    case .inputInterface(let interface):
      conditions.require(HeaderField.input, intervals(interface, space))
    case .outputInterface(let interface):
      conditions.require(HeaderField.output, intervals(interface, space))
    case .inputBridge(let name):
      conditions.require(HeaderField.input, one(space.interfaces.network(name)))
    case .outputBridge(let name):
      conditions.require(HeaderField.output, one(space.interfaces.network(name)))
    case .source(let match): require(match, HeaderField.source, space, &conditions)
    case .destination(let match): require(match, HeaderField.destination, space, &conditions)
    case .sourceIsLocal(let isLocal):
      let host = [Interval(0)]
      conditions.require(
        HeaderField.input, isLocal ? host : host.complement(upTo: space.interfaces.limit))
    case .destinationIsLocal(let isLocal):
      conditions.require(HeaderField.local, [Interval(isLocal ? 1 : 0)])
    case .destinationTranslated(let isTranslated):
      conditions.require(HeaderField.translated, [Interval(isTranslated ? 1 : 0)])
    case .transport(let transport):
      conditions.require(HeaderField.transport, [Interval(UInt128(transport.number))])
    case .sourcePort(let ports): conditions.require(HeaderField.sourcePort, intervals(ports))
    case .destinationPort(let ports): conditions.require(HeaderField.port, intervals(ports))
    case .icmp(let family, let type, let code):
      if family != space.family { conditions.refuse() }
      requireICMP(family, type, code, &conditions)
    case .mark(let mark): require(mark, space, &conditions)
    case .sourceMAC(let mac, let isNegated):
      let own = [Interval(UInt128(mac.bits))]
      conditions.require(
        HeaderField.mac,
        isNegated ? own.complement(upTo: space.store.limits[HeaderField.mac]) : own)
    case .limit(let limit): conditions.bounds.append(limit.words)
    case .connectionsOver(let count, let perSource, _):
      conditions.isBeyondCount = true
      conditions.bounds.append("\(count) connections\(perSource ? " per source" : "")")
    case .connectionState(let states): if !states.contains(.new) { conditions.refuse() }
    case .connectionAttempt(let isAttempt): if !isAttempt { conditions.refuse() }
    case .originalDirection: break
    // Nothing was remembered before the first packet; ARP and neighbor discovery open nothing.
    case .remembered, .arpSenderAddress, .arpSenderMAC, .arpTargetAddress, .neighborTarget:
      conditions.refuse()
    }
  }

  private func one(_ interval: Interval?) -> [Interval] { interval.map { [$0] } ?? [] }

  private func require(
    _ match: AddressMatch, _ field: Int, _ space: FlowSpace, _ conditions: inout Conditions
  ) {
    guard match.family == space.family else { return conditions.refuse() }
    let ranges: [AddressRange]
    switch match.operand {
    case .range(let range): ranges = [range]
    case .set(let name, _):
      if case .addresses(_, let elements)? = sets[name]?.content {
        ranges = elements
      } else {
        ranges = []
      }
    }
    let intervals = ranges.map { Interval($0.lowerBits, $0.upperBits) }.united
    conditions.require(
      field, match.negated ? intervals.complement(upTo: space.store.limits[field]) : intervals)
  }

  private func requireICMP(
    _ family: AddressFamily, _ type: UInt8, _ code: UInt8?, _ conditions: inout Conditions
  ) {
    let transport = family == .ipv4 ? TransportProtocol.icmp : .icmpv6
    conditions.require(HeaderField.transport, [Interval(UInt128(transport.number))])
    let first = UInt128(type) << 8
    conditions.require(
      HeaderField.port,
      [code.map { Interval(first | UInt128($0)) } ?? Interval(first, first | 255)])
  }

  private func require(
    _ mark: PacketMark, _ space: FlowSpace, _ conditions: inout Conditions
  ) {
    for (index, bit) in space.markBits.enumerated() where mark.mask & bit != 0 {
      conditions.require(HeaderField.marks + index, [Interval(mark.value & bit == 0 ? 0 : 1)])
    }
  }

  private func intervals(_ ports: [PortRange]) -> [Interval] {
    ports.map { Interval(UInt128($0.lower), UInt128($0.upper)) }.united
  }

  private mutating func intervals(
    _ match: InterfaceMatch, _ space: FlowSpace
  ) -> [Interval] {
    let limit = space.interfaces.limit
    switch match {
    case .equals(let name): return one(way(name, space))
    case .differs(let name): return one(way(name, space)).complement(upTo: limit)
    case .isIn(let set): return intervals(ofSet: set, space)
    case .isNotIn(let set): return intervals(ofSet: set, space).complement(upTo: limit)
    }
  }

  /// The numbers that a name stands for in rules of this table.
  func way(_ name: InterfaceName, _ space: FlowSpace) -> Interval? {
    isBridge ? space.interfaces.seenByBridge(name) : space.interfaces.seenByIP(name)
  }

  private mutating func intervals(ofSet name: String, _ space: FlowSpace) -> [Interval] {
    if let known = interfaceSets[name] { return known }
    let result = newIntervals(ofSet: name, space)
    interfaceSets[name] = result
    return result
  }

  private func newIntervals(ofSet name: String, _ space: FlowSpace) -> [Interval] {
    switch sets[name]?.content {
    case .interfaces(let names): return names.compactMap { way($0, space) }.united
    case .learnedInterfaces: return learned(name, space)
    case .addresses, .flows, .meter, nil: return []
    }
  }

  /// The ports that a set has learned, once every member of the networks concerned was heard of.
  private func learned(_ set: String, _ space: FlowSpace) -> [Interval] {
    var result: [Interval] = []
    guard let ranges = learnedRanges[set] else { return [] }
    for network in site.networks {
      let isMeant = network.subnets.contains { subnet in
        ranges.contains { $0.overlaps(subnet) }
      }
      if isMeant, let ways = space.interfaces.network(network.interface) { result.append(ways) }
    }
    return result.united
  }

  /// By set, the prefixes whose members' ports it learns.
  static func learnedRanges(_ table: Table) -> [String: [AddressRange]] {
    var result: [String: [AddressRange]] = [:]
    for rule in table.chains.lazy.flatMap(\.rules) {
      for case .learnOutputInterface(let set) in rule.actions {
        result[set, default: []] += rule.matches.compactMap(\.addressRange)
      }
    }
    return result
  }
}

extension FlowSpace {
  fileprivate var etherType: EtherType { family == .ipv4 ? .ipv4 : .ipv6 }
}

extension Match {
  fileprivate var addressRange: AddressRange? {
    switch self {
    case .source(let match), .destination(let match), .arpSenderAddress(let match),
      .arpTargetAddress(let match):
      if case .range(let range) = match.operand, !match.negated { range } else { nil }
    case .family, .inputInterface, .outputInterface, .inputBridge, .outputBridge, .sourceIsLocal,
      .destinationIsLocal, .transport, .sourcePort, .destinationPort, .icmp, .connectionState,
      .destinationTranslated, .originalDirection, .mark, .limit, .connectionsOver, .sourceMAC,
      .etherType, .arpSenderMAC, .neighborTarget, .connectionAttempt, .remembered:
      nil
    }
  }
}

extension Limit {
  /// As the language says it.
  fileprivate var words: String {
    let source = perSourceMeter == nil ? "" : " per source"
    return "\(count)/\(unit.rawValue) burst \(burst)\(source)"
  }
}
