/// Which flows come and go; those of one line are told together where they can be.
func flowChanges(from old: [FlowFact], to new: [FlowFact]) -> [PolicyChange] {
  let oldContents = Set(old.map(\.content))
  let newContents = Set(new.map(\.content))
  let gone = statements(old.filter { !newContents.contains($0.content) })
  let come = statements(new.filter { !oldContents.contains($0.content) })
  return
    (gone.map { PolicyChange(subject: .flow, before: $0, after: nil) }
    + come.map { PolicyChange(subject: .flow, before: nil, after: $0) })
    .sorted { key($0).lexicographicallyPrecedes(key($1)) }
}

/// A flow's ends come first, so that its old and its new verdict stand together.
private func key(_ change: PolicyChange) -> [UInt8] {
  let words = (change.before ?? change.after)?.words ?? ""
  let ends = words.split(separator: " ", maxSplits: 1)
  return Array((ends.last ?? "").utf8) + [change.before == nil ? 1 : 0]
}

private struct Line: Hashable {
  let location: String?
  let verb: String
  let clauses: String
}

/// Flows put together again: all of a line, where it covers every combination; else those that
/// differ in what is carried.
private func statements(_ flows: [FlowFact]) -> [PolicyChange.Side] {
  var order: [Line] = []
  var grouped: [Line: [FlowFact.Content]] = [:]
  var seen: Set<FlowFact.Content> = []
  for flow in flows where seen.insert(flow.content).inserted {
    let line = Line(
      location: flow.location, verb: flow.content.verb, clauses: flow.content.clauses)
    if grouped[line] == nil { order.append(line) }
    grouped[line, default: []].append(flow.content)
  }
  return order.flatMap { line in
    statements(grouped[line] ?? []).map {
      let clauses = line.clauses.isEmpty ? "" : " \(line.clauses)"
      return PolicyChange.Side(words: "\(line.verb) \($0)\(clauses)", location: line.location)
    }
  }
}

private func statements(_ flows: [FlowFact.Content]) -> [String] {
  let sources = distinct(flows.map(\.source))
  let destinations = distinct(flows.map(\.destination))
  let services = distinct(flows.map(\.service))
  if flows.count == sources.count * destinations.count * services.count {
    return [statement(sources, destinations, services)]
  }
  var pairs: [[String]] = []
  var carried: [[String]: [String]] = [:]
  for flow in flows {
    let pair = [flow.source, flow.destination]
    if carried[pair] == nil { pairs.append(pair) }
    carried[pair, default: []].append(flow.service)
  }
  return pairs.map { statement([$0[0]], [$0[1]], carried[$0] ?? []) }
}

private func statement(
  _ sources: [String], _ destinations: [String], _ services: [String]
) -> String {
  let ends = "\(list(sources)) -> \(list(destinations))"
  let carried = list(services)
  return carried.isEmpty ? ends : "\(ends) \(carried)"
}

private func list(_ words: [String]) -> String { merged(words) }

private func distinct(_ words: [String]) -> [String] {
  var seen: Set<String> = []
  return words.filter { seen.insert($0).inserted }
}
