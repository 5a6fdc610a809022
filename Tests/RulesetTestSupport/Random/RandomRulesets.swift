package import Netfilter
import NetworkTypes

/// Random rulesets that can be verified and loaded, with every noun there is.
package struct RandomRulesets {
  var values: RandomValues
  let capabilities: Set<Capability>

  /// - Parameter capabilities: what may be used of what kernels may lack.
  package init(seed: UInt64, capabilities: Set<Capability> = []) {
    values = RandomValues(seed: seed)
    self.capabilities = capabilities
  }

  package mutating func ruleset() -> Ruleset {
    var tables: [Table] = []
    if !values.isOne(in: 5) { tables.append(inetTable()) }
    if !values.isOne(in: 3) { tables.append(bridgeTable()) }
    return Ruleset(tables: values.shuffled(tables))
  }

  private let regularChains = (0..<5).map { "c\($0)" }

  private mutating func inetTable() -> Table {
    var table = Table(family: .inet, name: "bridgeward", comment: values.comment())
    table.sets =
      commonSets() + [
        NamedSet("rate4", .meter(.ipv4)), NamedSet("rate6", .meter(.ipv6)),
        NamedSet("connections4", .meter(.ipv4)), NamedSet("connections6", .meter(.ipv6)),
      ]
    table.verdictMaps = verdictMaps(.inet)
    table.addressMaps = (0..<values.number(0...4)).map { addressMap("to\($0)") }
    table.chains = calledChains(in: table)
    table.chains.append(
      base("forward", .filter, .forward, HookPriority.filter, in: table, callsFrom: 0))
    table.chains.append(
      base("arriving", .nat, .prerouting, HookPriority.destinationNAT, in: table))
    table.chains.append(
      base("leaving", .nat, .postrouting, HookPriority.sourceNAT, in: table))
    table.chains = values.shuffled(table.chains)
    return table
  }

  private mutating func bridgeTable() -> Table {
    var table = Table(family: .bridge, name: "bridgeward", comment: values.comment())
    table.sets =
      commonSets() + [
        NamedSet("ports", .learnedInterfaces(timeout: values.number(1...86_400))),
        NamedSet("rate4", .meter(.ipv4)), NamedSet("rate6", .meter(.ipv6)),
      ]
    for family in AddressFamily.allCases {
      let keys: [FlowKey] = [
        .ports(family, values.transportWithPorts()), .echo(family), .addresses(family),
      ]
      table.sets += keys.enumerated().map {
        NamedSet(
          "flows\(family.rawValue)\($0.offset)",
          .flows($0.element, timeout: values.number(1...600)), origin: values.origin())
      }
    }
    table.verdictMaps = verdictMaps(.bridge)
    table.chains = calledChains(in: table)
    table.chains.append(
      base("forward", .filter, .forward, HookPriority.bridgeFilter, in: table, callsFrom: 0))
    return table
  }

  private mutating func commonSets() -> [NamedSet] {
    let contents: [(String, NamedSet.Content)] = [
      ("some4", .addresses(.ipv4, values.ranges(.ipv4, values.number(0...6)))),
      ("more4", .addresses(.ipv4, values.ranges(.ipv4, 3))),
      ("some6", .addresses(.ipv6, values.ranges(.ipv6, values.number(1...2)))),
      ("more6", .addresses(.ipv6, values.ranges(.ipv6, 5))),
      (
        "interfaces",
        .interfaces(Set((0..<values.number(0...4)).map { _ in values.interface() }).sorted())
      ),
    ]
    return contents.map { NamedSet($0.0, $0.1, origin: values.origin()) }
  }

  private mutating func calledChains(in table: Table) -> [Chain] {
    regularChains.indices.map { index in
      Chain(regularChains[index], rules: rules(in: table, .forward, .filter, callsFrom: index + 1))
    }
  }

  private mutating func base(
    _ name: String, _ purpose: BaseChain.Purpose, _ hook: Hook, _ priority: Int32,
    in table: Table, callsFrom: Int = 5
  ) -> Chain {
    Chain(
      name, .base(BaseChain(purpose, hook, priority: priority)),
      rules: rules(in: table, hook, purpose, callsFrom: callsFrom))
  }

  private mutating func rules(
    in table: Table, _ hook: Hook, _ purpose: BaseChain.Purpose, callsFrom: Int
  ) -> [Rule] {
    (0..<values.number(0...6)).map { _ in
      var rule = RandomRule(table: table, hook: hook, capabilities: capabilities, values: values)
      rule.addMatches()
      let callees = Array(regularChains[min(callsFrom, 5)...])
      rule.addActions(purpose, callees: callees, callable: callableMaps(table, callsFrom))
      values = rule.values
      return Rule(
        rule.matches, rule.actions, origin: values.origin(), comment: values.comment())
    }
  }

  /// The maps whose verdicts call no chain before the one with this number.
  private func callableMaps(_ table: Table, _ callsFrom: Int) -> [VerdictMap] {
    table.verdictMaps.filter { map in
      map.elements.allSatisfy { element in
        switch element.verdict {
        case .accept, .drop, .return: true
        case .jump(let chain), .goto(let chain): chain >= "c\(callsFrom)" && callsFrom < 5
        }
      }
    }
  }

  // MARK: Maps

  private mutating func verdictMaps(_ family: TableFamily) -> [VerdictMap] {
    (0..<values.number(0...5)).map { index in
      let own = values.family()
      let shapes: [[KeyField]] = [
        [.inputInterface], [.outputInterface], [.inputInterface, .outputInterface],
        [.destinationPort], [.destinationPort], [.transport], [.transport, .destinationPort],
        [.sourceAddress(own)], [.destinationAddress(own), .transport, .destinationPort],
        [.inputInterface, .sourceAddress(own)], [.sourceAddress(own), .destinationAddress(own)],
      ]
      let fields = values.pick(shapes)
      let isFinal = values.isOne(in: 2)
      let elements = keys(fields).map {
        VerdictMap.Element(ElementKey($0), verdict(isFinal), origin: values.origin())
      }
      return VerdictMap("by\(index)", fields, elements: elements)
    }
  }

  private mutating func verdict(_ isFinal: Bool) -> Verdict {
    if isFinal || values.isOne(in: 2) { return values.pick([.accept, .drop, .return]) }
    return values.isOne(in: 2) ? .jump("c4") : .goto("c4")
  }

  private mutating func addressMap(_ name: String) -> AddressMap {
    let family = values.family()
    let shapes: [[KeyField]] = [
      [.transport, .destinationPort], [.destinationAddress(family), .transport, .destinationPort],
      [.destinationPort], [.inputInterface, .destinationPort],
    ]
    let rewritesPort = !values.isOne(in: 3)
    let fields = rewritesPort ? values.pick(shapes) : [.destinationPort]
    let elements = keys(fields).map { key in
      let room = key.last.map(\.portCount) ?? 1
      return AddressMap.Element(
        ElementKey(key), to: values.address(family),
        port: rewritesPort ? UInt16(values.number(0...(65_536 - room))) : nil,
        origin: values.origin())
    }
    let transport = fields.contains(.transport) ? nil : values.transportWithPorts()
    return AddressMap(
      name, family, fields, rewritesPort: rewritesPort, transport: transport, elements: elements)
  }

  /// Keys of this shape, no two of which share a packet.
  private mutating func keys(_ fields: [KeyField]) -> [[KeyValue]] {
    var keys: [[KeyValue]] = []
    var seen: Set<[KeyValue]> = []
    let hasPort = fields.last == .destinationPort
    var port = values.pick([0, 1, 80])
    for _ in 0..<values.number(0...6) {
      var key = fields.dropLast(hasPort ? 1 : 0).map { value($0) }
      if hasPort {
        let count = values.pick([1, 1, 1, 2, 5, values.isOne(in: 20) ? 1100 : 3])
        key.append(.ports(PortRange(UInt16(port), UInt16(port + count - 1))))
        port += count + values.pick([0, 0, 1, 30])
      }
      if seen.insert(key).inserted { keys.append(key) }
    }
    if hasPort, fields.count == 1, values.isOne(in: 5) {
      keys.append([.ports(PortRange(60_000, .max))])
    }
    return values.shuffled(keys)
  }

  private mutating func value(_ field: KeyField) -> KeyValue {
    switch field {
    case .inputInterface, .outputInterface: .interface(values.interface())
    case .sourceAddress(let family), .destinationAddress(let family):
      .address(values.address(family))
    case .transport: .transport(values.pick([.tcp, .udp, .sctp, .icmp, .gre]))
    case .destinationPort: .ports(PortRange(values.port()))
    }
  }
}

extension KeyValue {
  fileprivate var portCount: Int {
    if case .ports(let ports) = self { ports.count } else { 1 }
  }
}
