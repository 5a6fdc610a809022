/// The most elements of sets that packets fill: a source or flow beyond it finds no match.
package let dynamicSetSize: UInt32 = 65_535

extension Table {
  /// Per meter of a rate, the seconds after which an untouched source has its whole burst again.
  ///
  /// A count of connections must outlive silence: only rates may be forgotten.
  package var refillSeconds: [String: UInt64] {
    var result: [String: UInt64] = [:]
    for chain in chains {
      for rule in chain.rules {
        for case .limit(let limit) in rule.matches {
          guard let meter = limit.perSourceMeter else { continue }
          result[meter] = max(result[meter] ?? 60, limit.refillSeconds)
        }
      }
    }
    return result
  }

  /// The chains in the order that nf_tables gets them: those first that others call.
  package var chainsInOrder: [Chain] {
    chains.filter { $0.kind == .regular } + chains.filter { $0.kind != .regular }
  }
}

extension Limit.Unit {
  /// The seconds of the unit.
  package var seconds: UInt64 {
    switch self {
    case .second: 1
    case .minute: 60
    case .hour: 3600
    case .day: 86_400
    }
  }
}

extension Limit {
  /// The time in which a whole burst is earned, rounded up.
  fileprivate var refillSeconds: UInt64 {
    let count = UInt64(max(self.count, 1))
    return (UInt64(burst) * unit.seconds + count - 1) / count
  }
}
