import Diagnostics
import NetworkTypes

extension FlowComparison {
  /// Lines of the very same flow with different verbs, found by hashing.
  mutating func checkContradictions(_ log: inout DiagnosticLog) {
    var first: [FlowKey: Int] = [:]
    for number in lines(.access) {
      let rule = draft.flows[number].rule
      let key = FlowKey(rule)
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
struct FlowKey: Hashable {
  private let sources: Set<PeerKey>
  private let destinations: Set<PeerKey>
  private let services: [ServiceMatch]
  private let exceptions: [Set<PeerKey>]
  private let via: InterfaceName?

  init(_ rule: AccessRule) {
    sources = Set(rule.sources.map { PeerKey(peer: $0) })
    destinations = Set(rule.destinations.map { PeerKey(peer: $0) })
    services = rule.services
    exceptions = [rule.sourceExceptions, rule.destinationExceptions].map { peers in
      Set(peers.map { PeerKey(peer: $0) })
    }
    via = rule.clauses.via
  }
}
