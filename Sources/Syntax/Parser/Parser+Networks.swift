import Diagnostics

/// `network NAME { STATEMENTS }`
extension Parser {
  /// - Parameter indentation: The column of `network` where it is the first word of its line.
  mutating func network(_ indentation: UInt32?) throws(SyntaxFailure) -> Declaration {
    let start = current.start
    advance()
    let name = try declaredName("the name of the network")
    let brace = span(current)
    if !accept(.leftBrace) {
      _ = fail("`{`")
      // With a statement next, only the brace was forgotten.
      guard keyword?.startsStatement == true else { throw SyntaxFailure() }
    }
    let statements = statements(of: span(from: start), brace: brace, indentation)
    return .network(NetworkDeclaration(name: name, statements: statements, at: span(from: start)))
  }

  private mutating func statements(
    of network: SourceSpan, brace: SourceSpan, _ indentation: UInt32?
  ) -> [Statement] {
    var statements: [Statement] = []
    while !accept(.rightBrace) {
      if statements.count == Self.manyStatements { statements.reserveCapacity(linesToBrace) }
      if takeSecondHalf(of: &statements) { continue }
      if keyword == .publish, takePlainPublishes(into: &statements) { continue }
      if atEnd || closesNetwork(indentation) {
        report(.unclosed(brace, found: foundDescription, at: foundSpan))
        break
      }
      switch statementKeyword(at: .network)?.role {
      case .statement(let word): statements.append(statement(word))
      case .shared(let word): statements.append(sharedStatement(word))
      case .declaration:
        if let keyword { report(.insideNetwork(keyword, at: span(current), network: network)) }
        statements.append(.malformed(skipStatement()))
      case .clause, .transport, .word, nil: statements.append(.malformed(skipStatement()))
      }
    }
    return statements
  }

  /// From so many statements on, counting the lines ahead costs less than growing step by step.
  static let manyStatements = 1024

  /// The lines up to the next closing brace, and a few more.
  var linesToBrace: Int {
    let bytes = source.bytes.span
    var count = Self.manyStatements
    var start = Int(current.start)
    while start < bytes.count {
      let block = bytes.extracting(start..<min(start + 4096, bytes.count))
      count += block.occurrences(of: UInt8(ascii: "\n"))
      if block.occurrences(of: UInt8(ascii: "}")) > 0 { break }
      start += block.count
    }
    return count
  }

  /// Whether a word of the top level stands so far left that the network's brace was forgotten.
  private func closesNetwork(_ network: UInt32?) -> Bool {
    guard let keyword, case .declaration = keyword.role, let indentation else { return false }
    return indentation <= network ?? .max
  }

  mutating func statement(_ word: StatementKeyword) -> Statement {
    let start = current.start
    do throws(SyntaxFailure) {
      switch word {
      case .bridge, .macvlan, .ipvlan, .openvswitch, .interface:
        return .attachment(try attachment(word))
      case .masquerade: return .masquerade(try masquerade())
      case .container, .vm: return .guest(try guest(word == .vm ? .vm : .container))
      case .snat: return try snat()
      case .direct: return try directAccess()
      case .subnet, .gateway, .pool, .icc, .isolation, .internal, .serve, .antispoof:
        return try setting(word)
      }
    } catch {
      return .malformed(recover(from: start))
    }
  }

  mutating func sharedStatement(_ word: SharedKeyword) -> Statement {
    let start = current.start
    do throws(SyntaxFailure) {
      switch word {
      case .publish: return .publish(try publish())
      case .allow: return .access(try access(.allow))
      case .deny: return .access(try access(.deny))
      case .reject: return .access(try access(.reject))
      }
    } catch {
      return .malformed(recover(from: start))
    }
  }

  /// The statements that are a word and its values.
  private mutating func setting(_ word: StatementKeyword) throws(SyntaxFailure) -> Statement {
    let start = current.start
    advance()
    switch word {
    case .subnet:
      let prefixes = try addresses("a prefix such as `10.0.0.0/24`")
      return .subnet(prefixes, span(from: start))
    case .gateway:
      let gateways = try addresses("an address")
      return .gateway(gateways, span(from: start))
    case .pool:
      let ranges = try addresses("a range such as `10.0.0.100-10.0.0.199`")
      return .pool(ranges, span(from: start))
    case .icc:
      let isOn = try toggle()
      return .icc(isOn, span(from: start))
    case .antispoof:
      let isOn = try toggle()
      return .antispoof(isOn, span(from: start))
    case .isolation:
      let level = try isolationLevel()
      return .isolation(level, span(from: start))
    case .internal:
      return .internal(span(from: start))
    case .serve:
      let services = try names("a service")
      return .serve(services, span(from: start))
    case .bridge, .macvlan, .ipvlan, .openvswitch, .interface, .masquerade, .snat, .direct,
      .container, .vm:
      preconditionFailure("these have functions of their own")
    }
  }

  private mutating func isolationLevel() throws(SyntaxFailure) -> Sourced<IsolationLevel> {
    let place = span(current)
    let word = try expect(oneOf: [.on, .strict, .off])
    let level: IsolationLevel = word == .on ? .on : word == .strict ? .strict : .off
    return Sourced(level, at: place)
  }

  /// `snat CONTAINER as ADDRESS`
  private mutating func snat() throws(SyntaxFailure) -> Statement {
    let start = current.start
    advance()
    let container = try name("the name of a container")
    try expect(.as)
    let address = try address("an address")
    return .snat(container, address: address, span(from: start))
  }

  /// `direct access on|off [from PEERS]`
  private mutating func directAccess() throws(SyntaxFailure) -> Statement {
    let start = current.start
    advance()
    try expect(.access)
    let isOn = try toggle()
    let sources = accept(.from) ? try peers() : []
    return .directAccess(isOn, from: sources, span(from: start))
  }

  /// `container|vm NAME ADDRESS, … [mac MAC]`
  private mutating func guest(_ kind: GuestStatement.Kind) throws(SyntaxFailure) -> GuestStatement {
    let start = current.start
    advance()
    // Not put together: it would be for each guest, and is nearly never said.
    let wanted: String =
      switch kind {
      case .container: "the name of the container"
      case .vm: "the name of the vm"
      }
    let name = try declaredName(wanted)
    let addresses = try addresses("an address")
    let mac = accept(.mac) ? try mac() : nil
    return GuestStatement(
      kind: kind, name: name, addresses: addresses, mac: mac, at: span(from: start))
  }

  /// `ADDRESS, …`
  private mutating func addresses(_ wanted: String) throws(SyntaxFailure) -> [AddressSyntax] {
    var addresses = [try address(wanted)]
    while accept(.comma) { addresses.append(try address(wanted)) }
    return addresses
  }
}
