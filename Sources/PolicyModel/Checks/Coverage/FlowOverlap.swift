import NetworkTypes

/// Finds lines whose flows have something in common with another's, by pairs of peers: each line
/// is entered under its own pair and under every pair around it.
struct FlowOverlap {
  /// How an entry's side relates to the key's: it is the very peer, or lies within.
  private struct Key: Hashable {
    let source: Int
    let isSourceWithin: Bool
    let destination: Int
    let isDestinationWithin: Bool
  }

  /// The lines under each key, by their number; of very many, the first ones.
  private var entries: [Key: [Int]] = [:]
  private static let entryLimit = 64

  mutating func insert(_ rule: AccessRule, number: Int, _ index: inout PeerIndex) {
    if rule.sources.count * rule.destinations.count > FlowCoverage.pairLimit { return }
    for source in rule.sources {
      let sources = index.touching(source)
      for destination in rule.destinations {
        enter(number, sources, index.touching(destination))
      }
    }
  }

  private mutating func enter(_ number: Int, _ sources: [Int], _ destinations: [Int]) {
    for (depth, source) in sources.enumerated() {
      for (level, destination) in destinations.enumerated() {
        for key in Self.keys(source, depth, destination, level) {
          if entries[key]?.count ?? 0 < Self.entryLimit { entries[key, default: []].append(number) }
        }
      }
    }
  }

  /// The first peers of the two chains are the line's own; all count as around themselves.
  private static func keys(_ source: Int, _ depth: Int, _ destination: Int, _ level: Int) -> [Key] {
    var keys = [
      Key(
        source: source, isSourceWithin: true, destination: destination, isDestinationWithin: true)
    ]
    if depth == 0 {
      keys.append(
        Key(
          source: source, isSourceWithin: false, destination: destination,
          isDestinationWithin: true))
    }
    if level == 0 {
      keys.append(
        Key(
          source: source, isSourceWithin: true, destination: destination,
          isDestinationWithin: false))
    }
    if depth == 0, level == 0 {
      keys.append(
        Key(
          source: source, isSourceWithin: false, destination: destination,
          isDestinationWithin: false))
    }
    return keys
  }

  /// The numbers of lines that have something in common with `rule`, each once, ascending.
  func lines(meeting rule: AccessRule, _ index: inout PeerIndex) -> [Int] {
    if rule.sources.count * rule.destinations.count > FlowCoverage.pairLimit { return [] }
    var result = Set<Int>()
    for source in rule.sources {
      let sources = index.touching(source)
      for destination in rule.destinations {
        collect(sources, index.touching(destination), into: &result)
      }
    }
    return result.sorted()
  }

  /// An entry meets the question where on each side one holds the other: the entry's peer is one
  /// around the question's, or lies within it.
  private func collect(_ sources: [Int], _ destinations: [Int], into result: inout Set<Int>) {
    for (depth, source) in sources.enumerated() {
      for (level, destination) in destinations.enumerated() {
        let key = Key(
          source: source, isSourceWithin: depth == 0, destination: destination,
          isDestinationWithin: level == 0)
        result.formUnion(entries[key] ?? [])
      }
    }
  }
}
