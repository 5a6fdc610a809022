import NetworkTypes

/// A published port whose connections are cut by a change.
package struct CutPublish: Hashable, Sendable {
  /// What clients dialled.
  package let port: PublishedPort
  /// Where they got to.
  package let target: PublishTarget
  /// `publish tcp 198.51.100.1:8080 -> web 172.18.0.10:80`
  package let words: String
}

/// Which publishes come, go and change; ports side by side with one fate are told together.
struct PublishComparison {
  private(set) var changes: [PolicyChange] = []
  private(set) var cut: [CutPublish] = []
  private let names: PeerNames

  private struct Pair {
    var before: PublishFact?
    var after: PublishFact?

    var port: PublishedPort? { (after ?? before)?.port }
  }

  init(from old: [PublishFact], to new: [PublishFact], names: PeerNames) {
    self.names = names
    var standing: [PublishedPort: PublishFact] = [:]
    for fact in old { standing[fact.port] = fact }
    var pairs: [Pair] = []
    for fact in new {
      let before = standing.removeValue(forKey: fact.port)
      if before?.target == fact.target, before?.terms == fact.terms { continue }
      pairs.append(Pair(before: before, after: fact))
    }
    for fact in old where standing[fact.port] != nil { pairs.append(Pair(before: fact)) }
    let sorted = pairs.sorted { left, right in
      guard let left = left.port, let right = right.port else { return false }
      return left < right
    }
    for run in runs(sorted) { add(run) }
  }

  private mutating func add(_ run: ArraySlice<Pair>) {
    guard let first = run.first else { return }
    let last = run.last ?? first
    changes.append(
      PolicyChange(
        subject: .publish, before: side(first.before, last.before),
        after: side(first.after, last.after)))
    guard let before = first.before, before.target != first.after?.target, !before.port.isOpened
    else { return }
    let port = before.port.through(last.before?.port ?? before.port)
    cut.append(
      CutPublish(port: port, target: before.target, words: words(before, port)))
  }

  private func side(_ first: PublishFact?, _ last: PublishFact?) -> PolicyChange.Side? {
    guard let first, let last else { return nil }
    let port = first.port.through(last.port)
    return PolicyChange.Side(words: words(first, port), location: first.location)
  }

  private func words(_ fact: PublishFact, _ port: PublishedPort) -> String {
    let lower = fact.target.port
    let ports = PortRange(lower, lower + (port.ports.upper - port.ports.lower))
    let target = names.words(fact.target.address, port: "\(ports)")
    let terms = fact.terms.isEmpty ? "" : " \(fact.terms)"
    return port.isOpened
      ? "publish \(port.transport) \(ports) -> \(target)\(terms)"
      : "publish \(port) -> \(target)\(terms)"
  }

  /// Cuts the sorted pairs where a run of like ones ends.
  private func runs(_ pairs: [Pair]) -> [ArraySlice<Pair>] {
    var result: [ArraySlice<Pair>] = []
    var start = 0
    for index in pairs.indices where index > start {
      let isLike =
        follows(pairs[index - 1].before, pairs[index].before)
        && follows(pairs[index - 1].after, pairs[index].after)
      if !isLike {
        result.append(pairs[start..<index])
        start = index
      }
    }
    if start < pairs.count { result.append(pairs[start...]) }
    return result
  }

  private func follows(_ first: PublishFact?, _ second: PublishFact?) -> Bool {
    guard let first, let second else { return first == nil && second == nil }
    return second.continues(first)
  }
}

extension PublishFact {
  /// Whether this is the next port of the same line, with the next target.
  fileprivate func continues(_ fact: PublishFact) -> Bool {
    port.transport == fact.port.transport && port.family == fact.port.family
      && port.address == fact.port.address && port.isOpened == fact.port.isOpened
      && terms == fact.terms && location == fact.location
      && target.address == fact.target.address
      && port.ports.count == 1 && fact.port.ports.count == 1
      && Int(port.ports.lower) == Int(fact.port.ports.lower) + 1
      && Int(target.port) == Int(fact.target.port) + 1
  }
}

extension PublishedPort {
  /// This and all ports up to `last`.
  fileprivate func through(_ last: PublishedPort) -> PublishedPort {
    PublishedPort(
      transport: transport, family: family, address: address,
      ports: PortRange(ports.lower, last.ports.upper), isOpened: isOpened)
  }
}
