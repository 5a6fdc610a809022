package import Netfilter
import NetworkTypes

/// The ruleset as it comes back from the kernel: the same packets are treated the same.
///
/// Spans are empty. What one condition implies of another is said, in the order in which the kernel
/// asks. Ports are single in maps of exact keys, elements are sorted, comments cut to what nft
/// takes and read again. Fields and protocols of maps that no rule uses are the likeliest.
///
/// - Requires: `verify(ruleset)` finds nothing.
/// - Complexity: O(n log n) in the number of elements, linear in the rest.
package func canonical(_ ruleset: Ruleset) -> Ruleset {
  Ruleset(
    tables: TableFamily.allCases.compactMap { family in
      ruleset.table(family).map(canonical)
    })
}

private func canonical(_ table: Table) -> Table {
  var result = Table(
    family: table.family, name: table.name,
    comment: table.comment.map { quotable($0, limit: nftCommentLimit) })
  let context = TableContext(table)
  var uses = RuleUses()
  result.chains = table.chainsInOrder.map { chain in
    var result = Chain(chain.name, chain.kind)
    for rule in chain.rules where !(rule.matches.isEmpty && rule.actions.isEmpty) {
      uses.note(rule, context)
      result.rules.append(canonical(rule, context))
    }
    return result
  }
  result.sets = table.sets.map { canonical($0, uses) }
  result.verdictMaps = table.verdictMaps.map { canonical($0, uses) }
  result.addressMaps = table.addressMaps.map { canonical($0, uses) }
  return result
}

private func canonical(_ rule: Rule, _ context: TableContext) -> Rule {
  let comment = CommentText(rule.origin, rule.comment)
  return settled(
    Rule(
      explicit(rule, context), rule.actions.map(canonical), origin: comment.origin,
      comment: comment.why), context)
}

/// The rule's conditions with nothing left implied, in the kernel's order.
private func explicit(_ rule: Rule, _ context: TableContext) -> [Match] {
  var encoder = RuleEncoder(rule, in: context, firstAnonymous: 0)
  encoder.run()
  return encoder.matches
}

/// The rule with its conditions in the one order that saying them again does not change: what was
/// said twice is said once.
func settled(_ rule: Rule, _ context: TableContext) -> Rule {
  var rule = rule
  // Each time some condition is dropped or moves towards the one that needs it.
  for _ in 0...rule.matches.count {
    let matches = explicit(rule, context)
    if matches == rule.matches { return rule }
    rule.matches = matches
  }
  return rule
}

private func canonical(_ action: Action) -> Action {
  switch action {
  case .log(let prefix): return .log(prefix: nftLogPrefix(prefix))
  case .setMark(let mark):
    return .setMark(PacketMark(value: mark.value, mask: mark.mask | mark.value))
  case .counter, .verdict, .reject, .dispatch, .destinationNAT, .sourceNAT, .masquerade, .clampMSS,
    .fixChecksum, .remember, .learnOutputInterface:
    return action
  }
}

private func canonical(_ set: NamedSet, _ uses: RuleUses) -> NamedSet {
  let content: NamedSet.Content =
    switch set.content {
    case .addresses(let family, let ranges): .addresses(family, AddressSet(ranges).ranges)
    case .interfaces(let names): .interfaces(Set(names).sorted())
    case .flows(.ports(let family, _), let timeout) where !uses.sets.contains(set.name):
      .flows(.ports(family, .tcp), timeout: timeout)
    case .flows, .learnedInterfaces, .meter: set.content
    }
  return NamedSet(set.name, content, origin: CommentText(set.origin, nil).origin)
}

private func canonical(_ map: VerdictMap, _ uses: RuleUses) -> VerdictMap {
  let isInterval = map.holdsIntervals
  var elements: [VerdictMap.Element] = []
  for element in map.elements {
    let origin = CommentText(element.origin, nil).origin
    for key in isInterval ? [element.key] : element.key.single {
      elements.append(VerdictMap.Element(key, element.verdict, origin: origin))
    }
  }
  elements.sort { $0.key.precedes($1.key) }
  return VerdictMap(map.name, uses.fields(map.fields, of: map.name), elements: elements)
}

private func canonical(_ map: AddressMap, _ uses: RuleUses) -> AddressMap {
  let isInterval = map.holdsIntervals
  var elements: [AddressMap.Element] = []
  for element in map.elements {
    let origin = CommentText(element.origin, nil).origin
    for (offset, key) in (isInterval ? [element.key] : element.key.single).enumerated() {
      let port = element.port.map { $0 &+ UInt16(truncatingIfNeeded: offset) }
      elements.append(AddressMap.Element(key, to: element.address, port: port, origin: origin))
    }
  }
  elements.sort { $0.key.precedes($1.key) }
  let fields = uses.fields(map.fields, of: map.name)
  let needsTransport = fields.contains(.destinationPort) && !fields.contains(.transport)
  return AddressMap(
    map.name, map.family, fields, rewritesPort: map.rewritesPort,
    transport: needsTransport ? uses.transports[map.name] ?? .tcp : nil, elements: elements)
}

/// What rules use, and for which packets.
private struct RuleUses {
  private(set) var sets: Set<String> = []
  /// The protocol of the first rule that looks into a map.
  private(set) var transports: [String: TransportProtocol] = [:]

  mutating func note(_ rule: Rule, _ context: TableContext) {
    for case .remembered(_, let set, _) in rule.matches { sets.insert(set) }
    for action in rule.actions {
      switch action {
      case .dispatch(_, let map): sets.insert(map)
      case .remember(_, let set): sets.insert(set)
      case .destinationNAT(.map(let map)):
        let transport = rule.transport ?? context.addressMaps[map]?.transport
        if sets.insert(map).inserted { transports[map] = transport }
      case .counter, .log, .setMark, .verdict, .reject, .destinationNAT(.address), .sourceNAT,
        .masquerade, .clampMSS, .fixChecksum, .learnOutputInterface:
        continue
      }
    }
  }

  func fields(_ fields: [KeyField], of map: String) -> [KeyField] {
    if sets.contains(map) { return fields }
    return fields.map { KeyField(likely: $0.valueType) ?? $0 }
  }
}

extension ElementKey {
  /// The exact keys that this stands for.
  fileprivate var single: [ElementKey] {
    (0..<entryCount).map { offset in
      ElementKey(
        map { value in
          guard case .ports(let ports) = value else { return value }
          return .ports(PortRange(ports.lower + UInt16(offset)))
        })
    }
  }

  /// Orders as the bytes of keys do.
  fileprivate func precedes(_ other: ElementKey) -> Bool {
    for (own, other) in zip(self, other) where own != other {
      switch (own, other) {
      case (.interface(let left), .interface(let right)): return left < right
      case (.address(let left), .address(let right)): return left < right
      case (.transport(let left), .transport(let right)): return left < right
      case (.ports(let left), .ports(let right)): return left < right
      case (.interface, _), (.address, _), (.transport, _), (.ports, _): return false
      }
    }
    return false
  }
}
