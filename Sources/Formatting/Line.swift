import Diagnostics
import Syntax

/// A statement, or an end of a block of statements: what a line of its own begins with.
struct Line {
  enum Kind: Hashable {
    case statement
    /// `list NAME { … }`
    case list
    /// The head of a block, up to its opening brace.
    case blockStart
    /// A closing brace.
    case blockEnd
    /// Text that stays as it is.
    case verbatim
  }

  let start: UInt32
  /// The offset past its last token, or any further one before the next token.
  let end: UInt32
  /// How many blocks it stands in.
  let depth: Int
  let kind: Kind

  var isVerbatim: Bool { kind == .verbatim }

  init(start: UInt32, end: UInt32 = .max, depth: Int, kind: Kind) {
    self.start = start
    self.end = end
    self.depth = depth
    self.kind = kind
  }

  /// The lines of a file, in order.
  static func lines(of tree: SyntaxTree) -> [Line] {
    var collector = LineCollector(bytes: tree.source.bytes)
    collector.add(tree.declarations, depth: 0)
    return collector.lines
  }
}

/// Walks the tree for the places where lines begin.
private struct LineCollector {
  let bytes: [UInt8]
  var lines: [Line] = []

  mutating func add(_ declarations: [Declaration], depth: Int) {
    for declaration in declarations {
      let span = declaration.span
      switch declaration {
      case .network(let network):
        addBlock(span, depth: depth, first: network.statements.first?.span)
        for statement in network.statements { add(statement, depth: depth + 1) }
        addBlockEnd(span, depth: depth, last: network.statements.last?.span)
      case .on(_, let inner, _):
        addBlock(span, depth: depth, first: inner.first?.span)
        add(inner, depth: depth + 1)
        addBlockEnd(span, depth: depth, last: inner.last?.span)
      case .malformed: add(span, depth, .verbatim)
      case .list: add(span, depth, .list)
      case .language, .include, .uplink, .service, .access, .default, .expect, .publish,
        .logDenied, .sysctl, .mssClamp:
        add(span, depth, .statement)
      }
    }
  }

  private mutating func add(_ statement: Statement, depth: Int) {
    let span = statement.span
    switch statement {
    case .malformed: add(span, depth, .verbatim)
    case .attachment, .subnet, .gateway, .pool, .masquerade, .snat, .icc, .isolation, .internal,
      .directAccess, .serve, .antispoof, .guest, .publish, .access:
      add(span, depth, .statement)
    }
  }

  private mutating func add(_ span: SourceSpan, _ depth: Int, _ kind: Line.Kind) {
    lines.append(Line(start: span.start, end: span.end, depth: depth, kind: kind))
  }

  /// The head of a block: up to its first statement, or to its closing brace.
  private mutating func addBlock(_ span: SourceSpan, depth: Int, first: SourceSpan?) {
    let end = first?.start ?? (isClosed(span, last: nil) ? span.end - 1 : span.end)
    lines.append(Line(start: span.start, end: end, depth: depth, kind: .blockStart))
  }

  private mutating func addBlockEnd(_ span: SourceSpan, depth: Int, last: SourceSpan?) {
    guard isClosed(span, last: last) else { return }
    lines.append(Line(start: span.end - 1, end: span.end, depth: depth, kind: .blockEnd))
  }

  /// Whether the block ends with a brace of its own.
  private func isClosed(_ span: SourceSpan, last: SourceSpan?) -> Bool {
    bytes[Int(span.end) - 1] == UInt8(ascii: "}") && span.end > last?.end ?? 0
  }
}
