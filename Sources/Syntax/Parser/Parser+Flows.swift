import Diagnostics

/// `allow`, `deny`, `reject`, and what flows are made of.
extension Parser {
  /// `allow|deny|reject FLOW`, its verb current, perhaps misspelled.
  mutating func access(_ verb: AccessVerb) throws(SyntaxFailure) -> AccessStatement {
    let start = current.start
    advance()
    let flow = try flow()
    return AccessStatement(verb: verb, flow: flow, at: span(from: start))
  }

  /// `VERB FLOW`, after a word that has been read at `start`.
  mutating func access(
    from start: UInt32, oneOf verbs: [AccessVerb]
  ) throws(SyntaxFailure) -> AccessStatement {
    let word = try expect(oneOf: verbs.map(\.keyword))
    let verb = verbs.first { $0.keyword == word } ?? .deny
    let flow = try flow()
    return AccessStatement(verb: verb, flow: flow, at: span(from: start))
  }

  /// `PEERS -> PEERS [MATCH] [CLAUSES]`
  mutating func flow() throws(SyntaxFailure) -> FlowSyntax {
    let start = current.start
    let sources = try peers()
    try expect(.arrow, "`->`")
    let destinations = try peers()
    let match = startsMatch ? try match() : nil
    let clauses = try clauses()
    return FlowSyntax(
      sources: sources, destinations: destinations, match: match, clauses: clauses,
      at: span(from: start))
  }

  /// `PEER, …`
  mutating func peers() throws(SyntaxFailure) -> [PeerSyntax] {
    var peers = [try peer()]
    while accept(.comma) { peers.append(try peer()) }
    return peers
  }

  /// `NAME | ADDRESS | host | world | any`
  private mutating func peer() throws(SyntaxFailure) -> PeerSyntax {
    if let form = current.kind.addressForm, form != .mac { return .address(takeAddress(form)) }
    let place = span(current)
    if accept(.host) { return .host(place) }
    if accept(.world) { return .world(place) }
    if accept(.any) { return .any(place) }
    return .name(try name("a peer"))
  }

  /// `MATCH`: protocols, ports and services, joined by commas.
  mutating func match() throws(SyntaxFailure) -> MatchSyntax {
    let start = current.start
    var items: [MatchSyntax.Item] = []
    try matchItem(into: &items, wanted: "a protocol or a service")
    while accept(.comma) {
      if current.kind == .integer || current.kind == .integerRange {
        items.append(.port(try port()))
      } else {
        try matchItem(into: &items, wanted: "a protocol, a port or a service")
      }
    }
    return MatchSyntax(items, at: span(from: start))
  }

  private mutating func matchItem(
    into items: inout [MatchSyntax.Item], wanted: String
  ) throws(SyntaxFailure) {
    if let keyword, case .transport = keyword.role {
      items.append(.transport(Identifier(keyword.rawValue, at: span(current))))
      advance()
      try transportDetail(of: keyword, into: &items)
    } else if accept(.protocol) {
      items.append(.transportNumber(try number("a protocol number")))
    } else if current.kind == .integer || current.kind == .integerRange {
      throw fail("a protocol before the port")
    } else {
      items.append(.name(try name(wanted)))
    }
  }

  /// `[PORT]`, and after `icmp` and `icmpv6` a type's name as well.
  private mutating func transportDetail(
    of transport: Keyword, into items: inout [MatchSyntax.Item]
  ) throws(SyntaxFailure) {
    if current.kind == .integer || current.kind == .integerRange {
      items.append(.port(try port()))
    } else if transport == .icmp || transport == .icmpv6, startsName {
      items.append(.name(try name("an ICMP type")))
    }
  }

  /// Whether a `MATCH` begins here.
  private var startsMatch: Bool {
    if let keyword {
      if case .transport = keyword.role { return true }
      return keyword == .protocol
    }
    return startsName
  }

  /// Whether the current token is a name that belongs to the statement.
  ///
  /// A name on a new line that nothing fitting follows is rather a misspelled statement. Both
  /// readings are errors; this one has the better message.
  private var startsName: Bool {
    guard current.kind == .identifier || current.kind == .string else { return false }
    guard indentation != nil else { return true }
    switch following {
    case .comma, .rightBrace, .endOfFile: return true
    case .keyword(let next):
      switch next.role {
      case .declaration, .statement, .shared, .clause: return true
      case .transport, .word: return false
      }
    case .identifier, .string, .unterminatedString, .integer, .integerRange, .ipv4Address,
      .ipv4Prefix, .ipv4Range, .ipv6Address, .ipv6Prefix, .ipv6Range, .macAddress, .leftBrace,
      .leftBracket, .rightBracket, .colon, .slash, .equals, .arrow, .whitespace, .newline,
      .comment, .byteOrderMark, .unknown:
      return false
    }
  }
}

extension AccessVerb {
  var keyword: Keyword {
    switch self {
    case .allow: .allow
    case .deny: .deny
    case .reject: .reject
    }
  }
}
