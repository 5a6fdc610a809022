package import Diagnostics

/// The second half of a large file, which another thread reads while the first is read.
///
/// Nobody knows in what a line in the middle of a file stands. So it is read as if it stood in a
/// network, and what comes of that is taken only where whoever reads from the start comes to the same
/// token in a network, or outside of one if it may stand there, too. It is given up at the first
/// finding: the tree and the log are always those of one thread.
package struct SecondHalf {
  /// Where its first token starts.
  let start: UInt32
  /// Waits for what was read; `nil` where that is of no use.
  fileprivate let wait: () -> Content?

  /// - Parameter wait: Is called once at most, and waits until ``Reader/read()`` is done.
  package init(_ reader: Reader, wait: @escaping () -> Content?) {
    start = reader.start
    self.wait = wait
  }

  /// What was read.
  package struct Content: Sendable {
    fileprivate let statements: [Statement]
    /// Where the statements end.
    fileprivate let end: Parser.Position
    /// What follows where a brace closes the network there.
    fileprivate var rest: Rest?
  }

  /// The declarations behind the network.
  struct Rest: Sendable {
    fileprivate let start: UInt32
    fileprivate let declarations: [Declaration]
    fileprivate let end: Parser.Position
  }

  /// Reads the second half.
  package struct Reader: Sendable {
    private let source: SourceText
    private let offset: Int
    fileprivate let start: UInt32

    /// - Parameter middle: from which byte on, or the next line.
    /// - Returns: `nil` where no line begins behind that.
    package init?(of source: SourceText, after middle: Int) {
      guard let offset = Self.startOfLine(after: middle, in: source.bytes.span) else { return nil }
      self.source = source
      self.offset = offset
      start = Parser(source, from: offset).current.start
    }

    private static func startOfLine(after offset: Int, in bytes: Span<UInt8>) -> Int? {
      for index in min(offset, bytes.count)..<bytes.count where bytes[index] == UInt8(ascii: "\n") {
        return index + 1
      }
      return nil
    }

    /// The statements from its start on; `nil` where there is anything to say about them.
    package func read() -> Content? {
      var parser = Parser(source, from: offset)
      let statements = parser.statementsAhead()
      var content = Content(statements: statements, end: parser.position)
      if parser.log.isEmpty, parser.accept(.rightBrace) {
        let start = parser.current.start
        let declarations = parser.declarationsAhead()
        content.rest = Rest(start: start, declarations: declarations, end: parser.position)
      }
      return parser.log.isEmpty ? content : nil
    }
  }
}

extension Parser {
  /// The statements of a network up to what is none.
  fileprivate mutating func statementsAhead() -> [Statement] {
    var statements: [Statement] = []
    while log.isEmpty, let keyword {
      if statements.count == Self.manyStatements { statements.reserveCapacity(linesToBrace) }
      if keyword == .publish, takePlainPublishes(into: &statements) { continue }
      switch keyword.role {
      case .statement(let word): statements.append(statement(word))
      case .shared(let word): statements.append(sharedStatement(word))
      case .declaration, .clause, .transport, .word: return statements
      }
    }
    return statements
  }

  /// The declarations up to what is none, or is a block with others in it.
  fileprivate mutating func declarationsAhead() -> [Declaration] {
    var declarations: [Declaration] = []
    while log.isEmpty, let keyword, keyword != .on {
      switch keyword.role {
      case .declaration(let word): declarations.append(declaration(word, depth: 0))
      case .shared(let word): declarations.append(sharedDeclaration(word))
      case .statement, .clause, .transport, .word: return declarations
      }
    }
    return declarations
  }

  /// Appends what another thread has read from here on, and moves behind it; `false` where that is
  /// nothing.
  mutating func takeSecondHalf(of statements: inout [Statement]) -> Bool {
    guard secondHalf?.start == current.start, let content = secondHalf.take()?.wait(),
      !content.statements.isEmpty
    else { return false }
    statements += content.statements
    position = content.end
    restOfSecondHalf = content.rest
    return true
  }

  /// The same outside of networks, where only what may stand there is of use.
  mutating func takeSecondHalf(of declarations: inout [Declaration]) -> Bool {
    if restOfSecondHalf?.start == current.start, let rest = restOfSecondHalf.take(),
      !rest.declarations.isEmpty
    {
      declarations += rest.declarations
      position = rest.end
      return true
    }
    guard secondHalf?.start == current.start, let content = secondHalf.take()?.wait(),
      let shared = content.statements.asDeclarations, !shared.isEmpty
    else { return false }
    declarations += shared
    position = content.end
    return true
  }
}

extension [Statement] {
  /// The same outside of networks; `nil` where one may not stand there.
  fileprivate var asDeclarations: [Declaration]? {
    var result: [Declaration] = []
    result.reserveCapacity(count)
    for statement in self {
      switch statement {
      case .publish(let node): result.append(.publish(node))
      case .access(let node): result.append(.access(node))
      case .attachment, .subnet, .gateway, .pool, .masquerade, .snat, .icc, .isolation, .internal,
        .directAccess, .serve, .antispoof, .guest, .malformed:
        return nil
      }
    }
    return result
  }
}
