import Evaluation
import Netfilter
import NetworkTypes

extension Program {
  private var allConditions: [Match] {
    tables.flatMap(\.chains).flatMap { chain in
      (0..<chain.rules.number).flatMap { index in
        chain.rules[index].conditions.compactMap { condition in
          if case .match(let match) = condition { match } else { nil }
        }
      }
    }
  }

  /// One port of each range that is spoken of.
  var destinationPorts: [UInt16] {
    let rules: [UInt16] = allConditions.flatMap { match in
      if case .destinationPort(let ranges) = match { ranges.map(\.lower) } else { [] as [UInt16] }
    }
    let keys = tables.flatMap { table in
      table.verdictMaps.flatMap(\.elements).compactMap { $0.key.ports?.lower }
        + table.addressMaps.flatMap(\.elements).compactMap { $0.key.ports?.lower }
    }
    return Set(rules + keys).sorted()
  }
}

extension Program.Rules {
  /// The most that any limit of these rules lets through at once; 0 where nothing is limited.
  var mostAllowed: Int {
    (0..<number).flatMap { self[$0].conditions }.map { condition in
      switch condition {
      case .match(.limit(let limit)): Int(limit.burst)
      case .match(.connectionsOver(let count, _, _)): Int(count)
      default: 0
      }
    }.max() ?? 0
  }
}

extension Program.Rule {
  /// The set that learns where packets go out.
  var learnedSet: String? {
    for case .action(.learnOutputInterface(let set)) in effects { return set }
    return nil
  }

  func looksUp(verdicts name: String) -> Bool {
    effects.contains {
      if case .action(.dispatch(_, let map)) = $0 { map == name } else { false }
    }
  }

  func looksUp(addresses name: String) -> Bool {
    effects.contains(.action(.destinationNAT(.map(name))))
  }

  func asksFor(_ set: String) -> Bool {
    conditions.contains { condition in
      if case .match(let match) = condition { match.set == set } else { false }
    }
  }
}

extension Match {
  fileprivate var set: String? {
    switch self {
    case .inputInterface(let match), .outputInterface(let match): match.set
    case .source(let match), .destination(let match), .arpSenderAddress(let match),
      .arpTargetAddress(let match), .neighborTarget(let match):
      match.set
    default: nil
    }
  }
}

extension InterfaceMatch {
  fileprivate var set: String? {
    switch self {
    case .isIn(let name), .isNotIn(let name): name
    case .equals, .differs: nil
    }
  }
}

extension AddressMatch {
  fileprivate var set: String? {
    if case .set(let name, _) = operand { name } else { nil }
  }
}

extension Demand {
  /// The demand for one element where it is one for a set, in it or not.
  func narrowed(to element: Int, of set: NamedSet) -> Demand {
    guard case .condition(.match(let match), let table) = self, match.set == set.name else {
      return self
    }
    let narrowed: Match
    switch (match, set.content) {
    case (.inputInterface, .interfaces(let names)):
      narrowed = .inputInterface(.equals(names[element]))
    case (.outputInterface, .interfaces(let names)):
      narrowed = .outputInterface(.equals(names[element]))
    case (.source, .addresses(_, let ranges)):
      narrowed = .source(AddressMatch(.range(ranges[element])))
    case (.destination, .addresses(_, let ranges)):
      narrowed = .destination(AddressMatch(.range(ranges[element])))
    case (.arpSenderAddress, .addresses(_, let ranges)):
      narrowed = .arpSenderAddress(AddressMatch(.range(ranges[element])))
    case (.arpTargetAddress, .addresses(_, let ranges)):
      narrowed = .arpTargetAddress(AddressMatch(.range(ranges[element])))
    case (.neighborTarget, .addresses(_, let ranges)):
      narrowed = .neighborTarget(AddressMatch(.range(ranges[element])))
    default: return self
    }
    return .condition(.match(narrowed), table: table)
  }
}
