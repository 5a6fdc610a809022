import Diagnostics

extension PublishStatement {
  /// The last token of a plain line.
  var lastToken: Token {
    hasTargetPort
      ? Token(.integer, start: targetNumbers.start, end: targetNumbers.end)
      : Token(.identifier, start: targetStart, end: targetEnd)
  }
}

/// `publish PROTO[/PROTO] [ADDR:]PORT, … -> NAME[:PORT] [CLAUSES]`
extension Parser {
  mutating func publish() throws(SyntaxFailure) -> PublishStatement {
    let start = current.start
    if let line = takePlainPublish() { return try rest(of: line, from: start) }
    advance()
    let transport = try transport()
    let second = accept(.slash) ? try self.transport() : nil
    let address = try hostAddress()
    let hostPort = try hostPort(address == nil ? "a port or a host address" : "a port")
    var furtherPorts: [PortSyntax] = []
    while accept(.comma) { furtherPorts.append(try furtherPort()) }
    try expect(.arrow, "`->`")
    let target = try name("the name of a container")
    let longTarget = ShortName(target.text) == nil ? target.text : nil
    let targetPort = try targetPort()
    let clauses = try clauses()
    var details: PublishDetails?
    if second != nil || address != nil || !furtherPorts.isEmpty || longTarget != nil
      || !clauses.isEmpty
    {
      details = PublishDetails(
        secondTransport: second, hostAddress: address, furtherPorts: furtherPorts,
        longTarget: longTarget, clauses: clauses)
    }
    return PublishStatement(
      transport: transport, hostPort: hostPort, target: target, targetPort: targetPort,
      details: details, at: span(from: start))
  }

  /// What may follow a plain line, further down, too.
  private mutating func rest(
    of line: PublishStatement, from start: UInt32
  ) throws(SyntaxFailure) -> PublishStatement {
    let port = line.hasTargetPort ? nil : try targetPort()
    let clauses = try clauses()
    var line = line
    line.add(port, clauses, at: span(from: start))
    return line
  }

  /// `[:PORTS]`
  private mutating func targetPort() throws(SyntaxFailure) -> PortSyntax? {
    accept(.colon) ? try port("the container's port") : nil
  }

  /// The name of a protocol.
  private mutating func transport() throws(SyntaxFailure) -> TransportWord {
    guard let keyword, case .transport = keyword.role else {
      throw fail("a protocol such as `tcp`")
    }
    let place = span(current)
    advance()
    return TransportWord(keyword, at: place)
  }

  /// `[IPV4: | "[" IPV6 "]" :]`
  private mutating func hostAddress() throws(SyntaxFailure) -> AddressSyntax? {
    if accept(.leftBracket) {
      guard case .ipv6Address = current.kind else { throw fail("an IPv6 address") }
      let address = takeAddress(.ipv6Address)
      try expect(.rightBracket, "`]`")
      try expect(.colon, "`:` and a port")
      return address
    }
    switch current.kind {
    case .ipv4Address:
      let address = takeAddress(.ipv4Address)
      try expect(.colon, "`:` and a port")
      return address
    case .ipv6Address:
      throw fail(
        "a port or a host address",
        notes: [Note("an IPv6 host address stands in brackets: `[fd00::1]:80`")])
    case .identifier, .keyword, .string, .unterminatedString, .integer, .integerRange, .ipv4Prefix,
      .ipv4Range, .ipv6Prefix, .ipv6Range, .macAddress, .leftBrace, .rightBrace, .leftBracket,
      .rightBracket, .comma, .colon, .slash, .equals, .arrow, .whitespace, .newline, .comment,
      .byteOrderMark, .unknown, .endOfFile:
      return nil
    }
  }

  /// A port that follows others.
  private mutating func furtherPort() throws(SyntaxFailure) -> PortSyntax {
    guard current.kind == .ipv4Address || current.kind == .leftBracket else {
      return try hostPort("a port")
    }
    throw fail(
      "a port",
      notes: [
        Note("a line has one address, before its first port; another takes a line of its own")
      ])
  }

  /// `INTEGER | INTEGER-INTEGER | auto`
  private mutating func hostPort(_ wanted: String) throws(SyntaxFailure) -> PortSyntax {
    let place = span(current)
    guard accept(.auto) else { return try port(wanted) }
    return .automatic(at: place)
  }
}
