import Diagnostics
import NetworkTypes

extension FlowComparison {
  /// Lines that others of the same verb already say.
  ///
  /// Wide lines come first, and a line is compared with lines that stay only: all that are found
  /// can be removed at once.
  mutating func checkRedundant(_ log: inout DiagnosticLog) {
    for kind in [FlowLine.Kind.access, .default] {
      for verb in AccessRule.Verb.allCases {
        var kept = FlowCoverage()
        for number in widestFirst(lines(kind, verb)) {
          let rule = draft.flows[number].rule
          let covering = kept.covering(
            rule.sources, rule.destinations, rule.services, &index, geometry)
          guard let covering, rule.clauses.log == nil, !judged.contains(number) else {
            kept.insert(rule, &index)
            continue
          }
          judged.insert(number)
          let removal = draft.files.removal(of: rule.span)
          log.add(.redundantFlow(draft.flows[number].statement, covering, removal))
        }
      }
    }
  }

  private func widestFirst(_ numbers: [Int]) -> [Int] {
    let keyed = numbers.map { number in
      let rule = draft.flows[number].rule
      return (number: number, width: width(rule), span: rule.span)
    }
    return keyed.sorted { left, right in
      (right.width, left.span) < (left.width, right.span)
    }.map(\.number)
  }

  /// Grows with all that a line may cover; a line that covers another is at least as wide.
  private func width(_ rule: AccessRule) -> Width {
    let source = rule.sources.reduce(0) { max($0, width($1)) }
    let destination = rule.destinations.reduce(0) { max($0, width($1)) }
    return Width(
      wider: max(source, destination), narrower: min(source, destination),
      services: rule.services.isEmpty ? .max : rule.services.reduce(0) { $0 + width($1) },
      count: rule.sources.count * rule.destinations.count)
  }

  private func width(_ peer: Peer) -> Double {
    switch peer {
    case .any: 1e40
    case .world: 1e39
    case .host: 1
    case .guest(let network, let guest):
      Double(geometry.networks[network].guests[guest].addresses.count)
    case .network, .addresses:
      geometry.addresses(of: peer)?.ranges.reduce(0) {
        $0 + Double($1.upperBits - $1.lowerBits) + 1
      } ?? 0
    }
  }

  private func width(_ service: ServiceMatch) -> Int {
    switch service {
    case .transport: 1 << 20
    case .ports(_, let ranges): ranges.reduce(0) { $0 + $1.count }
    case .icmp: 1
    }
  }
}

private struct Width: Comparable {
  let wider: Double
  let narrower: Double
  let services: Int
  let count: Int

  static func < (left: Self, right: Self) -> Bool {
    (left.wider, left.narrower, left.services, left.count)
      < (right.wider, right.narrower, right.services, right.count)
  }
}
