import Diagnostics
import NetworkTypes

/// What a growing group of lines covers, by pairs of peers, so that a line is compared only with
/// those that could cover it.
struct FlowCoverage {
  private struct Pair: Hashable {
    let source: Int
    let destination: Int
  }

  private struct Group {
    var cover = ServiceCover()
    var spans: [SourceSpan] = []
    /// Lines with `except`, judged one by one; the rest of very many are left out of the question.
    var restricted: [AccessRule] = []

    mutating func insert(_ rule: AccessRule) {
      guard rule.sourceExceptions.isEmpty, rule.destinationExceptions.isEmpty else {
        if restricted.count < FlowCoverage.restrictedLimit { restricted.append(rule) }
        return
      }
      cover.insert(rule.services)
      if spans.count < FlowCoverage.spanLimit { spans.append(rule.span) }
    }

    /// The places of lines of this group that cover the question without those of others.
    func alone(
      _ source: Peer, _ destination: Peer, _ services: [ServiceMatch], _ geometry: PeerGeometry
    ) -> [SourceSpan]? {
      if cover.contains(services) { return spans }
      for rule in restricted {
        let isCut =
          rule.sourceExceptions.contains { geometry.overlaps($0, source) }
          || rule.destinationExceptions.contains { geometry.overlaps($0, destination) }
        if isCut { continue }
        var own = ServiceCover()
        own.insert(rule.services)
        if own.contains(services) { return [rule.span] }
      }
      return nil
    }
  }

  private var groups: [Group] = []
  /// The index of each pair's group.
  private var indices: [Pair: Int] = [:]
  private(set) var sources: Set<Int> = []

  /// A line with more pairs than this is neither judged nor used to judge others.
  static let pairLimit = 4096
  fileprivate static let restrictedLimit = 16
  fileprivate static let spanLimit = 3

  var isEmpty: Bool { groups.isEmpty }

  /// Adds a line, unless a clause keeps it from covering its whole flow.
  mutating func insert(_ rule: AccessRule, _ index: inout PeerIndex) {
    let clauses = rule.clauses
    guard clauses.via == nil, clauses.limit == nil, clauses.connections == nil,
      rule.sources.count * rule.destinations.count <= Self.pairLimit
    else { return }
    for source in rule.sources {
      guard let source = index.existing(source) else { continue }
      sources.insert(source)
      for destination in rule.destinations {
        guard let destination = index.existing(destination) else { continue }
        groups[group(of: Pair(source: source, destination: destination))].insert(rule)
      }
    }
  }

  /// The index of the group of `pair`; made where there is none yet.
  private mutating func group(of pair: Pair) -> Int {
    if let index = indices[pair] { return index }
    indices[pair] = groups.count
    groups.append(Group())
    return groups.count - 1
  }

  /// The places of lines that together cover all of a flow; `nil` where something is left.
  func covering(
    _ sources: [Peer], _ destinations: [Peer], _ services: [ServiceMatch],
    _ index: inout PeerIndex, _ geometry: PeerGeometry
  ) -> [SourceSpan]? {
    if groups.isEmpty || sources.count * destinations.count > Self.pairLimit { return nil }
    var spans: [SourceSpan] = []
    for source in sources {
      for destination in destinations {
        let question = Question(source: source, destination: destination, services: services)
        guard let found = covering(question, &index, geometry) else { return nil }
        for span in found where !spans.contains(span) && spans.count < Self.spanLimit {
          spans.append(span)
        }
      }
    }
    return spans
  }

  private struct Question {
    let source: Peer
    let destination: Peer
    let services: [ServiceMatch]
  }

  private func covering(
    _ question: Question, _ index: inout PeerIndex, _ geometry: PeerGeometry
  ) -> [SourceSpan]? {
    var together = ServiceCover()
    var spans: [SourceSpan] = []
    let destinations = index.holders(of: question.destination)
    for source in index.holders(of: question.source) where sources.contains(source) {
      for destination in destinations {
        let pair = Pair(source: source, destination: destination)
        guard let group = indices[pair] else { continue }
        if let whole = groups[group].alone(
          question.source, question.destination, question.services, geometry)
        {
          return whole
        }
        if groups[group].cover.isEmpty { continue }
        together.formUnion(groups[group].cover)
        spans += groups[group].spans
        if together.contains(question.services) { return spans }
      }
    }
    return nil
  }
}
