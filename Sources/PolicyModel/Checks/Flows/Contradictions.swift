import Diagnostics
import NetworkTypes

extension FlowComparison {
  /// Lines of the very same flow with different verbs, found by hashing.
  mutating func checkContradictions(_ log: inout DiagnosticLog) {
    let numbers = lines(.access)
    if Set(numbers.map { draft.flows[$0].rule.verb }).count < 2 { return }
    var first: [FlowKey: Int] = [:]
    for number in numbers {
      let rule = draft.flows[number].rule
      let key = FlowKey(rule, index)
      guard let other = first[key] else {
        first[key] = number
        continue
      }
      if draft.flows[other].rule.verb == rule.verb { continue }
      judged.insert(number)
      judged.insert(other)
      log.add(.contradiction(draft.flows[number].statement, draft.flows[other].statement))
    }
  }
}

/// All that decides which packets a line is about, in an order of its own.
private struct FlowKey: Hashable {
  /// The peers' numbers, ascending, a side after the other.
  private let peers: [Int]
  private let services: [ServiceMatch]
  private let exceptions: [Set<PeerKey>]
  private let via: InterfaceName?

  init(_ rule: AccessRule, _ index: PeerIndex) {
    let sources = rule.sources.compactMap { index.existing($0) }.sorted()
    peers = sources + [-1] + rule.destinations.compactMap { index.existing($0) }.sorted()
    services = rule.services
    let hasExceptions = !rule.sourceExceptions.isEmpty || !rule.destinationExceptions.isEmpty
    exceptions =
      hasExceptions
      ? [Self.keys(rule.sourceExceptions), Self.keys(rule.destinationExceptions)] : []
    via = rule.clauses.via
  }

  private static func keys(_ peers: [Peer]) -> Set<PeerKey> {
    Set(peers.map { PeerKey(peer: $0) })
  }
}
