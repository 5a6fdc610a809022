package import Netfilter
package import NetworkTypes

/// Every way into the host and out of it that sites and rules tell apart, as numbers.
///
/// A bridge's number is followed by those of its named ports, so that what comes by any port of a
/// bridge is one interval. Number 0 is the host itself: as a way in its own processes, as a way out
/// its loopback interface.
package struct InterfaceSpace: Hashable, Sendable {
  /// One way.
  package enum Way: Hashable, Sendable {
    case host
    /// The interface of a network; for a bridge its ports without a name here.
    case network(InterfaceName)
    /// A named port of a network's bridge.
    case port(InterfaceName, of: InterfaceName)
    /// An interface that is no network's and has a name here.
    case named(InterfaceName)
    /// Any other interface.
    case other
  }

  package let ways: [Way]
  /// For each network, the numbers of its bridge and ports.
  private let byNetwork: [InterfaceName: Interval]
  private let byName: [InterfaceName: Int]

  /// All that the sites and rulesets name.
  package init(_ sites: [Site], _ rulesets: [Ruleset]) {
    var ways = [Way.host]
    var byNetwork: [InterfaceName: Interval] = [:]
    var ports: [InterfaceName: [InterfaceName]] = [:]
    for network in sites.flatMap(\.networks) {
      ports[network.interface, default: []] += network.ports
    }
    for (bridge, own) in ports.sorted(by: { $0.key < $1.key }) {
      let first = UInt128(ways.count)
      ways.append(.network(bridge))
      for port in Set(own).sorted() { ways.append(.port(port, of: bridge)) }
      byNetwork[bridge] = Interval(first, UInt128(ways.count - 1))
    }
    let known = Set(ports.keys).union(ports.values.joined()).union([.loopback])
    let mentioned = Set(rulesets.flatMap(\.interfaceNames) + sites.flatMap(\.interfaces))
    for name in mentioned.subtracting(known).sorted() { ways.append(.named(name)) }
    ways.append(.other)
    self.ways = ways
    self.byNetwork = byNetwork
    byName = Self.names(of: ways)
  }

  private static func names(of ways: [Way]) -> [InterfaceName: Int] {
    var result: [InterfaceName: Int] = [.loopback: 0]
    for (number, way) in ways.enumerated() {
      switch way {
      case .host, .other: break
      case .network(let name), .port(let name, _), .named(let name): result[name] = number
      }
    }
    return result
  }

  /// The largest number.
  var limit: UInt128 { UInt128(ways.count - 1) }

  /// The numbers of a network's bridge and its named ports; `nil` for other interfaces.
  package func network(_ name: InterfaceName) -> Interval? { byNetwork[name] }

  /// The numbers that an IP rule means with the name: a bridge stands for its ports.
  func seenByIP(_ name: InterfaceName) -> Interval? {
    if let network = byNetwork[name] { return network }
    guard let number = byName[name] else { return nil }
    if case .port = ways[number] { return nil }
    return Interval(UInt128(number))
  }

  /// The number that a bridge rule means with the name of a port.
  func seenByBridge(_ name: InterfaceName) -> Interval? {
    guard let number = byName[name], case .port = ways[number] else { return nil }
    return Interval(UInt128(number))
  }

  /// The numbers of interfaces that are no network's.
  package var world: Interval {
    let first = ways.firstIndex { way in
      switch way {
      case .named, .other: true
      case .host, .network, .port: false
      }
    }
    return Interval(UInt128(first ?? ways.count - 1), limit)
  }
}

extension Ruleset {
  /// All interfaces that the rules name, in no order.
  fileprivate var interfaceNames: [InterfaceName] {
    tables.flatMap { table in
      table.sets.flatMap { set -> [InterfaceName] in
        if case .interfaces(let names) = set.content { names } else { [] }
      }
        + table.verdictMaps.flatMap { map in map.namesInterfaces ? map.interfaceNames : [] }
        + table.chains.flatMap { $0.rules.flatMap { $0.matches.compactMap(\.interfaceName) } }
    }
  }
}

extension VerdictMap {
  fileprivate var namesInterfaces: Bool {
    fields.contains(.inputInterface) || fields.contains(.outputInterface)
  }

  fileprivate var interfaceNames: [InterfaceName] {
    elements.flatMap { element in
      element.key.compactMap { if case .interface(let name) = $0 { name } else { nil } }
    }
  }
}

extension Match {
  fileprivate var interfaceName: InterfaceName? {
    switch self {
    case .inputInterface(.equals(let name)), .inputInterface(.differs(let name)),
      .outputInterface(.equals(let name)), .outputInterface(.differs(let name)),
      .inputBridge(let name), .outputBridge(let name):
      name
    case .inputInterface(.isIn), .inputInterface(.isNotIn), .outputInterface(.isIn),
      .outputInterface(.isNotIn), .family, .source, .destination, .sourceIsLocal,
      .destinationIsLocal, .transport, .sourcePort, .destinationPort, .icmp, .connectionState,
      .destinationTranslated, .originalDirection, .mark, .limit, .connectionsOver, .sourceMAC,
      .etherType, .arpSenderAddress, .arpSenderMAC, .arpTargetAddress, .neighborTarget,
      .connectionAttempt, .remembered:
      nil
    }
  }
}
