import Diagnostics

/// What the lexer and the parser have to say.
extension Diagnostic {
  /// Something else stands where `wanted` must.
  static func expected(
    _ wanted: String, found: String, at span: SourceSpan, notes: [Note] = [], fixIts: [FixIt] = []
  ) -> Diagnostic {
    Diagnostic(
      .syntaxError, "expected \(wanted), found \(found)", at: span, notes: notes, fixIts: fixIts)
  }

  /// A word is nearly `keyword`.
  static func misspelled(_ keyword: Keyword, found: String, at span: SourceSpan) -> Diagnostic {
    let word = keyword.rawValue
    return Diagnostic(
      .syntaxError, "expected `\(word)`, found \(found)", at: span,
      notes: [Note("did you mean `\(word)`?")], fixIts: [.replace(span, by: word)])
  }

  /// A keyword stands where a declaration gives its name.
  static func reservedName(_ keyword: Keyword, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .nameReserved, "`\(keyword.rawValue)` is a word of the language; as a name it is quoted",
      at: span, fixIts: [.replace(span, by: "\"\(keyword.rawValue)\"")])
  }

  /// A statement of networks stands outside of them.
  static func outsideNetwork(_ keyword: Keyword, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .syntaxError, "expected a statement of the top level, found `\(keyword.rawValue)`", at: span,
      notes: [Note("`\(keyword.rawValue)` stands inside `network NAME { … }`")])
  }

  /// A statement of the top level stands inside a network.
  static func insideNetwork(
    _ keyword: Keyword, at span: SourceSpan, network: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .syntaxError, "expected a statement of a network, found `\(keyword.rawValue)`", at: span,
      notes: [
        Note("`\(keyword.rawValue)` stands at the top level"),
        Note("the network begins here", at: network),
      ])
  }

  /// A block is not closed.
  static func unclosed(_ brace: SourceSpan, found: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .syntaxError, "expected `}`, found \(found)", at: span,
      notes: [Note("this `{` is not closed", at: brace)])
  }

  /// A closing brace closes nothing.
  static func unopened(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .syntaxError, "expected a statement, found `}`", at: span,
      notes: [Note("no `{` is open here")])
  }

  /// Parts for hosts inside parts for hosts, deeper than anybody means.
  static func nestedTooDeep(limit: Int, at span: SourceSpan) -> Diagnostic {
    Diagnostic(.syntaxError, "`on` blocks nest at most \(limit) deep", at: span)
  }

  /// A string has a backslash before anything but a quote or a backslash.
  static func unknownEscape(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .syntaxError, "expected `\\\"` or `\\\\` after a backslash in quoted text", at: span)
  }

  /// A string does not end on its line.
  static func unterminatedString(at span: SourceSpan) -> Diagnostic {
    Diagnostic(.syntaxError, "expected a closing `\"`, found end of line", at: span)
  }

  /// An option of a statement stands twice in it.
  static func repeatedOption(_ option: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(.settingDuplicate, "`\(option)` is given twice in one statement", at: span)
  }

  /// The rest of the errors is not shown.
  static func tooManySyntaxErrors(after limit: Int, at span: SourceSpan?) -> Diagnostic {
    Diagnostic(
      .syntaxError, "more than \(limit) syntax errors; the file is read no further", at: span)
  }

  /// The file says nothing.
  static func emptyFile(_ file: UInt32) -> Diagnostic {
    let start = SourceSpan(file: file, start: 0, end: 0)
    return Diagnostic(.fileEmpty, "the file has no statement", at: start)
  }

  /// Bytes that are no UTF-8.
  static func invalidUTF8(_ range: Range<Int>, at span: SourceSpan) -> Diagnostic {
    Diagnostic(.textEncoding, "\(describe(range)) not valid UTF-8", at: span)
  }

  /// A file of text has no NUL bytes.
  static func nullByte(_ range: Range<Int>, at span: SourceSpan) -> Diagnostic {
    Diagnostic(.textEncoding, "\(describe(range)) NUL, which text never holds", at: span)
  }

  private static func describe(_ range: Range<Int>) -> String {
    range.count == 1
      ? "byte \(range.lowerBound) is"
      : "bytes \(range.lowerBound) to \(range.upperBound - 1) are"
  }

  /// A control that makes text look other than it reads.
  static func bidirectionalControl(_ scalar: UInt32, at span: SourceSpan) -> Diagnostic {
    let name = "U+" + (scalar < 0x1000 ? "0" : "") + String(scalar, radix: 16, uppercase: true)
    return Diagnostic(
      .textBidi, "the invisible control \(name) changes the order in which text is shown",
      at: span, fixIts: [FixIt("remove it", edits: [TextEdit(span, replacement: "")])])
  }

  /// Lines end as on Windows.
  static func carriageReturns(at span: SourceSpan, edits: [TextEdit]) -> Diagnostic {
    Diagnostic(
      .textCrlf, "lines end with CR LF; policies end them with LF", at: span,
      fixIts: [FixIt("end every line with LF", edits: edits)])
  }

  /// A tab indents a line.
  static func tabIndentation(at span: SourceSpan) -> Diagnostic {
    Diagnostic(.textTabs, "tabs indent lines here; the canonical layout has four spaces", at: span)
  }
}

extension FixIt {
  /// Writes `text` over `span`.
  static func replace(_ span: SourceSpan, by text: String) -> FixIt {
    FixIt("write `\(text)`", edits: [TextEdit(span, replacement: text)])
  }

  /// Writes `text` at the end of `span`.
  static func insert(_ text: String, after span: SourceSpan) -> FixIt {
    let place = SourceSpan(file: span.file, start: span.end, end: span.end)
    return FixIt("insert `\(text)`", edits: [TextEdit(place, replacement: text)])
  }
}
