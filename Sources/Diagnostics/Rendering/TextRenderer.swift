/// Shows diagnostics as text for people: message, place, the line with the range underlined.
package struct TextRenderer: Sendable {
  /// The most findings that are shown; the others are counted only.
  package static let shownLimit = 100

  private let locator: Locator
  private let style: TextStyle
  private let width: Int

  /// - Parameters:
  ///   - isColored: Whether to write ANSI colors (ECMA-48 SGR).
  ///   - width: The cells of a terminal line; longer source lines are shown in part.
  package init(_ sources: SourceMap, isColored: Bool, width: Int = 100) {
    locator = Locator(sources)
    style = TextStyle(isColored: isColored)
    self.width = width
  }

  /// The findings of `log` in order, then one line that counts them; nothing for an empty log.
  package func render(_ log: DiagnosticLog) -> String {
    let findings = log.sorted
    guard !findings.isEmpty else { return "" }
    var text = ""
    for finding in findings.prefix(Self.shownLimit) {
      text += render(finding) + "\n"
    }
    let counts = FindingCounts(log, kept: findings)
    text += style.bold(counts.description)
    if findings.count > Self.shownLimit {
      text += "; the first \(Self.shownLimit) are shown"
    }
    return text + "\n"
  }

  /// One finding: several lines, the last one ended.
  package func render(_ finding: Diagnostic) -> String {
    let spans = [finding.span] + finding.notes.map(\.span)
    let gutter = spans.compactMap { $0 }.map(lineNumberWidth).max() ?? 1
    var text = style.severity(
      finding.severity, "\(finding.severity.rawValue)[\(finding.id.rawValue)]")
    text += style.bold(": " + VisibleText.escaped(finding.message)) + "\n"
    if let span = finding.span {
      text += place(span, gutter: gutter, mark: "^", color: finding.severity)
    }
    for note in finding.notes { text += render(note, gutter: gutter) }
    for fixIt in finding.fixIts {
      text += style.help("help") + ": " + VisibleText.escaped(fixIt.message) + "\n"
    }
    return text
  }

  /// The place of `span` and its line with the range underlined: several lines, the last one ended.
  package func excerpt(of span: SourceSpan) -> String {
    place(span, gutter: lineNumberWidth(span), mark: "-", color: .note)
  }

  private func render(_ note: Note, gutter: Int) -> String {
    let text = style.severity(.note, "note") + ": " + VisibleText.escaped(note.message) + "\n"
    guard let span = note.span else { return text }
    return text + place(span, gutter: gutter, mark: "-", color: .note)
  }

  private func place(
    _ span: SourceSpan, gutter: Int, mark: Character, color: Severity
  ) -> String {
    let location = locator.location(of: span)
    let margin = String(repeating: " ", count: gutter)
    let file = VisibleText.escaped(location.file)
    let arrow = margin + style.frame("-->") + " "
    if Locator.isWholeFile(span) { return arrow + file + "\n" }

    let snippet = snippet(of: span, line: location.start.line, gutter: gutter)
    let number = "\(location.start.line)"
    let padding = String(repeating: " ", count: gutter - number.utf8.count)
    let underline = String(repeating: mark, count: snippet.length)
    let indent = String(repeating: " ", count: snippet.indent)
    let bar = margin + style.frame(" |")
    return """
      \(arrow)\(file):\(location.start.line):\(location.start.column)
      \(bar)
      \(padding)\(style.frame("\(number) |")) \(snippet.text)
      \(bar) \(indent)\(style.severity(color, underline))

      """
  }

  private func snippet(of span: SourceSpan, line: Int, gutter: Int) -> Snippet {
    let bytes = locator.sources[span.file].bytes
    var lineRange = locator.sources.lines(of: span.file).range(ofLine: line)
    if let last = bytes[lineRange].last, last == UInt8(ascii: "\r"),
      span.start < lineRange.upperBound
    {
      lineRange = lineRange.lowerBound..<(lineRange.upperBound - 1)
    }
    let start = min(Int(span.start), lineRange.upperBound)
    let end = max(start, min(Int(span.end), lineRange.upperBound))
    return Snippet(line: lineRange, marked: start..<end, of: bytes, width: width - gutter - 3)
  }

  private func lineNumberWidth(_ span: SourceSpan) -> Int {
    if Locator.isWholeFile(span) { return 1 }
    let line = locator.sources.lines(of: span.file).position(of: span.start).line
    return "\(line)".utf8.count
  }
}
