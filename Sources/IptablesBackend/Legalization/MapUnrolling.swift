import Netfilter
import NetworkTypes

extension TableLegalizer {
  /// One rule for all elements that differ in nothing but the port.
  mutating func rules(_ map: VerdictMap) -> [IptablesRule] {
    var groups = PortGroups<VerdictGroup>()
    for element in map.elements where isOfFamily(element.key) {
      let key = SplitKey(element.key)
      groups.add(
        key.ports,
        to: VerdictGroup(key: key.others, verdict: element.verdict, origin: element.origin))
    }
    return groups.inOrder.flatMap { group, ports in
      let matches = matches(group.key, map.fields)
      let target = target(group.verdict)
      guard !ports.isEmpty else {
        return [IptablesRule(matches: matches, target: target, origin: group.origin)]
      }
      return portGroups(ports.merged).map {
        IptablesRule(
          matches: matches + [.destinationPorts($0)], target: target, origin: group.origin)
      }
    }
  }

  /// One rule for all elements of a line that go to one target and keep their ports, or move them
  /// by the same distance.
  func rules(_ map: AddressMap) -> [IptablesRule] {
    guard map.family == family else { return [] }
    var groups = PortGroups<AddressGroup>()
    for element in map.elements {
      let key = SplitKey(element.key)
      groups.add(
        key.ports,
        to: AddressGroup(
          key: key.others, address: element.address, origin: element.origin,
          shift: key.ports.flatMap { ports in element.port.map { Int($0) - Int(ports.lower) } }
            ?? 0))
    }
    return groups.inOrder.flatMap { group, ports in
      var matches = matches(group.key, map.fields)
      if let transport = map.transport { matches.append(.transport(transport)) }
      return rules(group, matches, ports.merged)
    }
  }

  private func rules(
    _ group: AddressGroup, _ matches: [IptablesMatch], _ ports: [PortRange]
  ) -> [IptablesRule] {
    func rule(_ ports: [PortRange], _ shifted: ShiftedPorts?) -> IptablesRule {
      IptablesRule(
        matches: ports.isEmpty ? matches : matches + [.destinationPorts(ports)],
        target: .destination(group.address, ports: shifted), origin: group.origin)
    }
    if ports.isEmpty { return [rule([], nil)] }
    if group.shift == 0 { return portGroups(ports).map { rule($0, nil) } }
    return ports.map { range in
      let target = PortRange(
        UInt16(truncatingIfNeeded: Int(range.lower) + group.shift),
        UInt16(truncatingIfNeeded: Int(range.upper) + group.shift))
      return rule([range], ShiftedPorts(ports: target, base: range.lower))
    }
  }

  private func isOfFamily(_ key: ElementKey) -> Bool {
    key.allSatisfy { value in
      if case .address(let address) = value { address.family == family } else { true }
    }
  }

  private func matches(_ key: [KeyValue], _ fields: [KeyField]) -> [IptablesMatch] {
    let others = fields.filter { $0 != .destinationPort }
    return zip(key, others).compactMap { value, field in
      switch value {
      case .interface(let name):
        field == .inputInterface
          ? .inputInterface(name, negated: false) : .outputInterface(name, negated: false)
      case .address(let address):
        field == .sourceAddress(family)
          ? .source(AddressRange(address), negated: false)
          : .destination(AddressRange(address), negated: false)
      case .transport(let transport): .transport(transport)
      case .ports: nil
      }
    }
  }
}

/// What elements of a verdict map have in common, beside the port.
private struct VerdictGroup: Equatable {
  let key: [KeyValue]
  let verdict: Verdict
  let origin: Origin?
}

/// What elements of an address map have in common, beside the port.
private struct AddressGroup: Equatable {
  let key: [KeyValue]
  let address: IPAddress
  let origin: Origin?
  /// How far ports are moved up.
  let shift: Int
}

/// A key, its ports apart.
private struct SplitKey {
  var others: [KeyValue] = []
  var ports: PortRange?

  init(_ key: ElementKey) {
    for value in key {
      if case .ports(let range) = value { ports = range } else { others.append(value) }
    }
  }
}

/// Ports by group, in the order in which groups first appear.
private struct PortGroups<Group: Equatable> {
  private(set) var inOrder: [(group: Group, ports: [PortRange])] = []

  /// Adds ports to the group where it is one of the last few, and as a new group elsewhere: what
  /// one line of a policy says lies close together, so looking further would cost and not save.
  mutating func add(_ ports: PortRange?, to group: Group) {
    let added = ports.map { [$0] } ?? []
    for index in inOrder.indices.suffix(4).reversed() where inOrder[index].group == group {
      inOrder[index].ports += added
      return
    }
    inOrder.append((group, added))
  }
}
