/// Which flows come and go; those of one line are told together where they can be.
func flowChanges(from old: [FlowFact], to new: [FlowFact]) -> [PolicyChange] {
  let oldContents = Set(old.map(\.content))
  let newContents = Set(new.map(\.content))
  let gone = statements(old.filter { !newContents.contains($0.content) })
    .map { (ends: $0.ends, change: PolicyChange(subject: .flow, before: $0.side, after: nil)) }
  let come = statements(new.filter { !oldContents.contains($0.content) })
    .map { (ends: $0.ends, change: PolicyChange(subject: .flow, before: nil, after: $0.side)) }
  return (gone + come).enumerated().sorted { left, right in
    // What goes is told before what comes, between the same ends.
    (left.element.ends, left.offset) < (right.element.ends, right.offset)
  }.map(\.element.change)
}

/// The flows of a line, put together again.
private struct Statement {
  /// Who and whom, without what lists hold.
  let ends: String
  let side: PolicyChange.Side
}

private struct Line: Hashable {
  let location: String?
  let verb: String
  let clauses: String
}

/// Flows put together again: all of a line, where it covers every combination; else those that
/// differ in what is carried.
private func statements(_ flows: [FlowFact]) -> [Statement] {
  var order: [Line] = []
  var grouped: [Line: [FlowFact.Content]] = [:]
  var seen: Set<FlowFact.Content> = []
  for flow in flows where seen.insert(flow.content).inserted {
    let line = Line(
      location: flow.location, verb: flow.content.verb, clauses: flow.content.clauses)
    if grouped[line] == nil { order.append(line) }
    grouped[line, default: []].append(flow.content)
  }
  return order.flatMap { line in statements(grouped[line] ?? [], of: line) }
}

private func statements(_ flows: [FlowFact.Content], of line: Line) -> [Statement] {
  let sources = distinct(flows.map(\.source))
  let destinations = distinct(flows.map(\.destination))
  let services = distinct(flows.map(\.service))
  if flows.count == sources.count * destinations.count * services.count {
    return [statement(sources, destinations, services, of: line)]
  }
  var pairs: [[String]] = []
  var carried: [[String]: [String]] = [:]
  for flow in flows {
    let pair = [flow.source, flow.destination]
    if carried[pair] == nil { pairs.append(pair) }
    carried[pair, default: []].append(flow.service)
  }
  return pairs.map { statement([$0[0]], [$0[1]], carried[$0] ?? [], of: line) }
}

private func statement(
  _ sources: [String], _ destinations: [String], _ services: [String], of line: Line
) -> Statement {
  let ends = "\(merged(sources)) -> \(merged(destinations))"
  let words = ["\(line.verb) \(ends)", services.joined(separator: ", "), line.clauses]
  return Statement(
    ends: "\(merged(sources.map(name))) -> \(merged(destinations.map(name)))",
    side: PolicyChange.Side(
      words: words.filter { !$0.isEmpty }.joined(separator: " "), location: line.location))
}

/// What comes before the address or the members of a list.
private func name(_ words: String) -> String {
  words.split(separator: " ", maxSplits: 1).first.map(String.init) ?? words
}

private func distinct(_ words: [String]) -> [String] {
  var seen: Set<String> = []
  return words.filter { seen.insert($0).inserted }
}
