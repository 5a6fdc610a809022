import Diagnostics

/// What narrows a flow or a publish.
extension Parser {
  /// Any number of clauses.
  mutating func clauses() throws(SyntaxFailure) -> [ClauseSyntax] {
    var clauses: [ClauseSyntax] = []
    while let keyword {
      if case .clause(let clause) = keyword.role {
        clauses.append(try self.clause(clause))
      } else if keyword == .log, following != .keyword(.denied) {
        clauses.append(try logClause())
      } else {
        break
      }
    }
    return clauses
  }

  private mutating func clause(_ clause: ClauseKeyword) throws(SyntaxFailure) -> ClauseSyntax {
    let start = current.start
    switch clause {
    case .from:
      advance()
      let peers = try peers()
      return .from(peers, span(from: start))
    case .except:
      advance()
      let peers = try peers()
      return .except(peers, span(from: start))
    case .via:
      advance()
      let interface = try name("an interface")
      return .via(interface, span(from: start))
    case .limit:
      return .limit(try limit())
    case .connections:
      advance()
      let count = try number("a number of connections")
      let perSource = try perSource()
      return .connections(count: count, perSource: perSource, span(from: start))
    }
  }

  /// `log ["prefix"]`
  private mutating func logClause() throws(SyntaxFailure) -> ClauseSyntax {
    let start = current.start
    advance()
    let prefix = current.kind == .string ? try quoted() : nil
    return .log(prefix: prefix, span(from: start))
  }

  /// `limit N/UNIT [burst N] [per source]`
  mutating func limit() throws(SyntaxFailure) -> LimitSyntax {
    let start = current.start
    try expect(.limit)
    let count = try number("a number")
    try expect(.slash, "`/`")
    let unit = try name("a unit of time such as `second`")
    let burst = accept(.burst) ? try number("a number of packets") : nil
    let perSource = try perSource()
    return LimitSyntax(
      count: count, unit: unit, burst: burst, perSource: perSource, at: span(from: start))
  }

  /// `[per source]`
  private mutating func perSource() throws(SyntaxFailure) -> Bool {
    guard accept(.per) else { return false }
    try expect(.source)
    return true
  }
}
