import Diagnostics
import Formatting
import PolicyTestSupport
import Syntax

/// The tokens are the file, every place lies in it, and laying it out keeps what it says.
func checkParser(_ bytes: [UInt8]) throws(BrokenLaw) {
  let source = SourceText(name: "fuzz.ward", file: 0, bytes: bytes)
  try checkTokens(source)
  var log = DiagnosticLog()
  checkText(source, log: &log)
  let isText = !log.hasErrors
  let tree = parse(source, log: &log)
  try checkPlaces(log.sorted, [bytes.count])
  try checkSecondHalf(source, tree, log)
  try checkPlainLines(source, tree)
  let laidOut = format(tree)
  // Bytes that are no text become U+FFFD when they are laid out, and a carriage return before a
  // line end of ours becomes part of it; neither happens to a policy without errors.
  guard isText, !hasLoneReturn(bytes) else { return }
  let other = PolicyTestSupport.source(laidOut)
  let kept = skeleton(other) == skeleton(source)
  try require(kept, "formatting keeps the tokens", laidOut)
  guard !log.hasErrors else { return }
  var otherLog = DiagnosticLog()
  let otherTree = parse(other, log: &otherLog)
  try require(!otherLog.hasErrors, "a policy that is laid out is a policy", laidOut)
  try require(format(otherTree) == laidOut, "formatting twice is formatting once", laidOut)
}

/// Two threads read what one does, whatever is in the middle.
private func checkSecondHalf(
  _ source: SourceText, _ tree: SyntaxTree, _ log: DiagnosticLog
) throws(BrokenLaw) {
  let middle = source.bytes.count / 2
  guard let reader = SecondHalf.Reader(of: source, after: middle) else { return }
  var other = DiagnosticLog()
  checkText(source, log: &other)
  let half = SecondHalf(reader) { reader.read() }
  let isSame = parse(source, log: &other, beside: half).declarations == tree.declarations
  try require(isSame && other.sorted == log.sorted, "halves make the whole", "at \(middle)")
}

/// A plain line, which is read in one go, means what its tokens mean: a line feed behind the word
/// `publish` makes it one that is read as tokens, and moves nothing.
private func checkPlainLines(_ source: SourceText, _ tree: SyntaxTree) throws(BrokenLaw) {
  var bytes = source.bytes
  // It would end a comment or a string.
  if bytes.contains(UInt8(ascii: "#")) || bytes.contains(UInt8(ascii: "\"")) { return }
  let word = Array("publish".utf8)
  for index in bytes.indices.dropFirst(word.count)
  where bytes[index] == UInt8(ascii: " ") && bytes[index - word.count..<index] == word[...] {
    bytes[index] = UInt8(ascii: "\n")
  }
  var (log, other) = (DiagnosticLog(), DiagnosticLog())
  _ = parse(source, log: &log)
  let asTokens = parse(PolicyTestSupport.source(bytes), log: &other)
  try require(log.isEmpty == other.isEmpty, "plain lines have their tokens' mistakes")
  guard log.isEmpty else { return }
  let isSame = asTokens.declarations == tree.declarations
  try require(isSame, "plain lines mean what their tokens mean")
}

/// Whether a carriage return stands alone.
private func hasLoneReturn(_ bytes: [UInt8]) -> Bool {
  zip(bytes, bytes.dropFirst() + [0]).contains {
    $0 == UInt8(ascii: "\r") && $1 != UInt8(ascii: "\n")
  }
}

/// Tokens follow each other without a gap from the first byte to the last.
private func checkTokens(_ source: SourceText) throws(BrokenLaw) {
  var end: UInt32 = 0
  let tokens = tokenize(source)
  for token in tokens {
    try require(token.start == end && token.end >= end, "tokens leave no gap", "at \(end)")
    let isAtEnd = token.kind == .endOfFile
    try require(isAtEnd == (token.end == token.start), "tokens have bytes", "at \(end)")
    end = token.end
  }
  try require(tokens.last?.kind == .endOfFile, "the last token is the end")
  try require(Int(end) == source.bytes.count, "tokens reach the end of the file")
}

/// Findings, their notes and their edits lie in the files, which have these lengths.
func checkPlaces(_ findings: [Diagnostic], _ lengths: [Int]) throws(BrokenLaw) {
  for finding in findings {
    let edits = finding.fixIts.flatMap { $0.edits.map(\.span) }
    let spans = [finding.span].compactMap(\.self) + finding.notes.compactMap(\.span) + edits
    for span in spans {
      let isInside =
        Int(span.file) < lengths.count && span.start <= span.end
        && Int(span.end) <= lengths[Int(span.file)]
      try require(isInside, "places lie in their files", "\(finding)")
    }
  }
}
