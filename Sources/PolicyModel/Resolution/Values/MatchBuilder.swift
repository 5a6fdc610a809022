import NetworkTypes

/// Gathers what a MATCH covers, in a canonical form: by protocol number, ports ascending and
/// merged, nothing that a wider item covers already.
struct MatchBuilder {
  private var whole: [TransportProtocol] = []
  private var ports: [(transport: TransportProtocol, range: PortRange)] = []
  private var types: [(family: AddressFamily, type: ICMPType)] = []

  mutating func add(_ transport: TransportProtocol) { whole.append(transport) }

  mutating func add(_ transport: TransportProtocol, _ range: PortRange) {
    ports.append((transport, range))
  }

  mutating func add(_ family: AddressFamily, _ type: ICMPType) { types.append((family, type)) }

  mutating func add(_ matches: [ServiceMatch]) {
    for match in matches {
      switch match {
      case .transport(let transport): add(transport)
      case .ports(let transport, let ranges): for range in ranges { add(transport, range) }
      case .icmp(let family, let type): add(family, type)
      }
    }
  }

  /// The canonical matches; empty if nothing was added.
  func matches() -> [ServiceMatch] {
    var result: [ServiceMatch] = []
    let covered = Set(whole)
    for transport in covered.sorted() { result.append(.transport(transport)) }
    let sorted = ports.filter { !covered.contains($0.transport) }.sorted { left, right in
      (left.transport, left.range) < (right.transport, right.range)
    }
    var start = 0
    while start < sorted.count {
      let transport = sorted[start].transport
      let end = sorted[start...].firstIndex { $0.transport != transport } ?? sorted.count
      result.append(.ports(transport, Self.merged(sorted[start..<end].map(\.range))))
      start = end
    }
    return result + icmpMatches(covered)
  }

  private func icmpMatches(_ covered: Set<TransportProtocol>) -> [ServiceMatch] {
    var seen = Set<ServiceMatch>()
    let sorted = types.sorted { left, right in
      let (one, two) = (left.type, right.type)
      return (left.family, one.type, one.code ?? 0) < (right.family, two.type, two.code ?? 0)
    }
    return sorted.compactMap { entry in
      let transport = entry.family == .ipv4 ? TransportProtocol.icmp : .icmpv6
      let match = ServiceMatch.icmp(entry.family, entry.type)
      return !covered.contains(transport) && seen.insert(match).inserted ? match : nil
    }
  }

  /// Joins sorted ranges that overlap or touch.
  static func merged(_ sorted: [PortRange]) -> [PortRange] {
    var result: [PortRange] = []
    for range in sorted {
      guard let last = result.last, Int(range.lower) <= Int(last.upper) + 1 else {
        result.append(range)
        continue
      }
      result[result.count - 1] = PortRange(last.lower, max(last.upper, range.upper))
    }
    return result
  }
}
