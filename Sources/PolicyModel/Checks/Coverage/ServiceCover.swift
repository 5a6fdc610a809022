import NetworkTypes

/// What a group of lines covers together, of everything that a flow can carry.
struct ServiceCover {
  private var isEverything = false
  private var transports: Set<TransportProtocol> = []
  /// One for each protocol; few, so that looking through them is cheap.
  private var ports: [(transport: TransportProtocol, set: PortSet)] = []
  private var types: Set<ServiceMatch> = []

  var isEmpty: Bool {
    !isEverything && transports.isEmpty && ports.isEmpty && types.isEmpty
  }

  /// Adds what a line carries; nothing means everything.
  mutating func insert(_ services: [ServiceMatch]) {
    if services.isEmpty { isEverything = true }
    for service in services {
      switch service {
      case .transport(let transport): transports.insert(transport)
      case .ports(let transport, let ranges):
        let place = place(of: transport)
        for range in ranges { ports[place].set.insert(range) }
      case .icmp: types.insert(service)
      }
    }
  }

  /// The place of a protocol's ports; made where there is none yet.
  private mutating func place(of transport: TransportProtocol) -> Int {
    for index in ports.indices where ports[index].transport == transport { return index }
    ports.append((transport, PortSet()))
    return ports.count - 1
  }

  mutating func formUnion(_ other: ServiceCover) {
    if other.isEverything { isEverything = true }
    transports.formUnion(other.transports)
    for (transport, set) in other.ports { ports[place(of: transport)].set.formUnion(set) }
    types.formUnion(other.types)
  }

  /// Whether all that a line carries is covered.
  func contains(_ services: [ServiceMatch]) -> Bool {
    if isEverything { return true }
    return !services.isEmpty && services.allSatisfy { contains($0) }
  }

  private func contains(_ service: ServiceMatch) -> Bool {
    switch service {
    case .transport(let transport): return transports.contains(transport)
    case .ports(let transport, let ranges):
      if transports.contains(transport) { return true }
      for index in ports.indices where ports[index].transport == transport {
        return ranges.allSatisfy { ports[index].set.contains($0) }
      }
      return false
    case .icmp(let family, let type):
      let transport: TransportProtocol = family == .ipv4 ? .icmp : .icmpv6
      return transports.contains(transport) || types.contains(service)
        || types.contains(.icmp(family, ICMPType(type: type.type)))
    }
  }

  /// Whether two lines can carry the same packet.
  static func overlap(_ left: [ServiceMatch], _ right: [ServiceMatch]) -> Bool {
    if left.isEmpty || right.isEmpty { return true }
    return left.contains { one in right.contains { overlap(one, $0) } }
  }

  private static func overlap(_ left: ServiceMatch, _ right: ServiceMatch) -> Bool {
    switch (left, right) {
    case (.ports(let one, let mine), .ports(let two, let theirs)):
      one == two && mine.contains { range in theirs.contains { $0.overlaps(range) } }
    case (.icmp(let one, let mine), .icmp(let two, let theirs)):
      one == two && mine.type == theirs.type
        && (mine.code == nil || theirs.code == nil || mine.code == theirs.code)
    case (.transport, _), (.ports, _), (.icmp, _): transport(left) == transport(right)
    }
  }

  private static func transport(_ match: ServiceMatch) -> TransportProtocol {
    switch match {
    case .transport(let transport), .ports(let transport, _): transport
    case .icmp(.ipv4, _): .icmp
    case .icmp(.ipv6, _): .icmpv6
    }
  }
}
