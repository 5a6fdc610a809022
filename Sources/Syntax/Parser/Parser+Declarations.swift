import Diagnostics

/// The statements of the top level.
extension Parser {
  mutating func file() -> [Declaration] {
    let declarations = declarations(depth: 0)
    if declarations.isEmpty, !log.hasErrors { report(.emptyFile(source.file)) }
    return declarations
  }

  /// Statements up to the end of the file or, inside `on` blocks, to a closing brace.
  private mutating func declarations(depth: Int) -> [Declaration] {
    var declarations: [Declaration] = []
    // Statements of networks that follow each other outside of one are one mistake.
    var isInStrayNetwork = false
    while !atEnd {
      if !isInStrayNetwork, takeSecondHalf(of: &declarations) { continue }
      if case .rightBrace = current.kind {
        if depth > 0 { break }
        declarations.append(.malformed(skipClosingBraces(isReported: !isInStrayNetwork)))
        isInStrayNetwork = false
        continue
      }
      switch statementKeyword(at: .topLevel)?.role {
      case .declaration(let word):
        isInStrayNetwork = false
        declarations.append(declaration(word, depth: depth))
      case .shared(let word):
        declarations.append(sharedDeclaration(word))
      case .statement:
        if !isInStrayNetwork, let keyword {
          report(.outsideNetwork(keyword, at: span(current)))
        }
        isInStrayNetwork = true
        declarations.append(.malformed(skipStatement()))
      case .clause, .transport, .word, nil:
        declarations.append(.malformed(skipStatement()))
      }
    }
    return declarations
  }

  mutating func declaration(_ word: DeclarationKeyword, depth: Int) -> Declaration {
    let start = current.start
    let indentation = indentation
    do throws(SyntaxFailure) {
      switch word {
      case .network: return try network(indentation)
      case .on: return try onBlock(depth: depth)
      case .list: return try listDeclaration()
      case .service: return try serviceDeclaration()
      case .log: return try logDenied()
      case .language, .include, .uplink, .default, .expect, .sysctl, .mss:
        return try simpleDeclaration(word)
      }
    } catch {
      return .malformed(recover(from: start))
    }
  }

  mutating func sharedDeclaration(_ word: SharedKeyword) -> Declaration {
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

  /// The declarations that are one short line.
  private mutating func simpleDeclaration(
    _ word: DeclarationKeyword
  ) throws(SyntaxFailure) -> Declaration {
    let start = current.start
    advance()
    switch word {
    case .language:
      let version = try number("a version of the language such as `1`")
      return .language(version: version, span(from: start))
    case .include:
      let pattern = try quoted()
      return .include(pattern: pattern, span(from: start))
    case .uplink:
      let interfaces = try names("an interface")
      return .uplink(interfaces, span(from: start))
    case .default:
      return .default(try access(from: start, oneOf: [.allow, .deny, .reject]))
    case .expect:
      return .expect(try access(from: start, oneOf: [.allow, .deny]))
    case .sysctl:
      let place = span(current)
      let word = try expect(oneOf: [.manage, .check])
      return .sysctl(managed: Sourced(word == .manage, at: place), span(from: start))
    case .mss:
      return try mssClamp(from: start)
    case .list, .service, .network, .on, .log:
      preconditionFailure("these have functions of their own")
    }
  }

  /// `mss clamp [pmtu|BYTES]`
  private mutating func mssClamp(from start: UInt32) throws(SyntaxFailure) -> Declaration {
    try expect(.clamp)
    var bytes: Sourced<String>?
    if !accept(.pmtu), case .integer = current.kind { bytes = try number("a number of bytes") }
    return .mssClamp(bytes: bytes, span(from: start))
  }

  /// `log denied [LIMIT]`
  private mutating func logDenied() throws(SyntaxFailure) -> Declaration {
    let start = current.start
    advance()
    try expect(.denied)
    let limit = keyword == .limit ? try limit() : nil
    return .logDenied(limit, span(from: start))
  }

  /// `list NAME { ENTRY, … }`
  private mutating func listDeclaration() throws(SyntaxFailure) -> Declaration {
    let start = current.start
    advance()
    let name = try declaredName("the name of the list")
    try expect(.leftBrace, "`{`")
    var entries: [PeerSyntax] = []
    do throws(SyntaxFailure) {
      try listEntries(into: &entries)
    } catch {
      skipToClosingBrace()
    }
    return .list(name: name, entries: entries, span(from: start))
  }

  /// `[ENTRY, … [,]] }`
  private mutating func listEntries(into entries: inout [PeerSyntax]) throws(SyntaxFailure) {
    while current.kind != .rightBrace {
      entries.append(try listEntry())
      guard accept(.comma) else { break }
    }
    try expect(.rightBrace, "`,` or `}`")
  }

  private mutating func listEntry() throws(SyntaxFailure) -> PeerSyntax {
    if let form = current.kind.addressForm, form != .mac { return .address(takeAddress(form)) }
    return .name(try name("an address or the name of a list"))
  }

  /// `service NAME = MATCH`
  private mutating func serviceDeclaration() throws(SyntaxFailure) -> Declaration {
    let start = current.start
    advance()
    let name = try declaredName("the name of the service")
    try expect(.equals, "`=`")
    let match = try match()
    return .service(name: name, match, span(from: start))
  }

  /// `on HOST, … { DECLARATIONS }`
  private mutating func onBlock(depth: Int) throws(SyntaxFailure) -> Declaration {
    let start = current.start
    let limit = 16
    if depth == limit {
      report(.nestedTooDeep(limit: limit, at: span(current)))
      throw SyntaxFailure()
    }
    advance()
    let hosts = try names("the name of a host")
    let brace = span(current)
    try expect(.leftBrace, "`{`")
    let declarations = declarations(depth: depth + 1)
    if !accept(.rightBrace) { report(.unclosed(brace, found: foundDescription, at: foundSpan)) }
    return .on(hosts: hosts, declarations, span(from: start))
  }

  /// `NAME, …`
  mutating func names(_ wanted: String) throws(SyntaxFailure) -> [Identifier] {
    var names = [try name(wanted)]
    while accept(.comma) { names.append(try name(wanted)) }
    return names
  }
}
