import NetworkTypes

/// The rules of a host with what they have counted.
struct RuleListing {
  /// What a rule does, the weightiest first: who drops decides, whatever else was passed.
  enum Effect: Int, Comparable {
    case drop, translate, accept, masquerade

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  struct Rule: Hashable {
    /// Tells the rule from others: its place and text.
    let identity: String
    let effect: Effect
    let comment: String
  }

  /// An element of a map: it decides without counting.
  struct Element {
    let key: Set<String>
    let effect: Effect
    let comment: String
  }

  var packets: [Rule: Int] = [:]
  var elements: [Element] = []

  /// The rules that counted packets since `earlier`.
  func hits(since earlier: RuleListing) -> Set<Rule> {
    Set(packets.filter { $0.value > earlier.packets[$0.key] ?? 0 }.keys)
  }

  /// The comment of the rule or element that decided an attempt.
  ///
  /// - Parameters:
  ///   - hits: The rules that the attempt's packets passed.
  ///   - facts: What a map's key may hold for those packets.
  func decision(_ hits: Set<Rule>, facts: Set<String>, isDropped: Bool) -> String? {
    var candidates = hits.map { ($0.effect, $0.comment) }
    if !isDropped {
      candidates.removeAll { $0.0 == .drop }
      candidates += elements.filter { $0.key.isSubset(of: facts) }.map { ($0.effect, $0.comment) }
    }
    return candidates.filter { $0.0 == .drop || $0.1.contains(".ward:") }
      .min { ($0.0, $0.1) < ($1.0, $1.1) }?.1
  }
}
