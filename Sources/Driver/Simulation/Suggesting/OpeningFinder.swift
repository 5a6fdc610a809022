import Diagnostics
import Evaluation
import Netfilter
import NetworkTypes
import PolicyModel
import Syntax

/// Seeks the line that would let a denied flow pass. What it finds has been compiled and tried.
struct OpeningFinder {
  let compiler: Compiler
  /// The policy without the flow.
  let read: PolicySources
  let question: FlowQuestion
  let judgment: Judgment
  /// Tries a compiled question.
  let judge: (FlowQuestion) -> Judgment?

  /// A change that may do.
  private struct Candidate {
    let variant: PolicyVariant
    let opening: PolicyOpening
  }

  /// The first change that lets all packets of the flow pass; `nil` where none does.
  func find() -> PolicyOpening? {
    for candidate in candidates {
      let variant = candidate.variant.applied(to: read)
      let answer = compiler.compile(variant, asking: question.text)
      if !answer.log.hasErrors, judge(answer)?.verdict == .allowed { return candidate.opening }
    }
    return nil
  }

  private var candidates: [Candidate] {
    var result: [Candidate] = []
    for publish in restrictions { result += admitted(by: publish) }
    if let span = internals.first {
      result += [added, removing(span), removing(span, and: added)]
    } else if let refusal = refusals.first {
      let excepting = [excepting(refusal), excepting(refusal, and: added)].compactMap { $0 }
      let removing = [removing(refusal.span), removing(refusal.span, and: added)]
      // A hole as large as the line is none.
      let isWhole = question.flow.map { $0.sources == refusal.sources } ?? false
      result += isWhole ? removing : excepting + removing
    } else {
      result.append(added)
    }
    return result
  }

  // MARK: What stands against it

  private var deciding: Set<SourceSpan> {
    Set(
      judgment.results.compactMap { result in
        result.verdict == .denied ? result.decision.span : nil
      })
  }

  private var policy: Policy? { question.compilation.policy }

  /// The `deny` and `reject` lines that decided; a `default` yields to `allow`.
  private var refusals: [AccessRule] {
    let spans = deciding
    return (policy?.access ?? []).filter { $0.verb != .allow && spans.contains($0.span) }
  }

  private var internals: [SourceSpan] {
    let spans = deciding
    return (policy?.networks ?? []).compactMap(\.internalSpan).filter(spans.contains)
  }

  /// The lines that publish what was dialed, for others.
  private var restrictions: [SourceSpan] {
    guard let policy else { return [] }
    let passed = Set(
      judgment.results.flatMap { result -> [SourceSpan] in
        guard result.verdict == .denied, let opening = result.exchange?.opening else { return [] }
        return opening.steps.compactMap { $0.element == nil ? nil : $0.origin?.span }
      })
    if passed.isEmpty { return [] }
    var found: Set<SourceSpan> = []
    for index in policy.publishes.indices where policy.publishes[index].isRestricted {
      if passed.contains(policy.publishes[index].span) {
        found.insert(policy.publishes[index].span)
      }
    }
    return found.sorted()
  }

  // MARK: What may do

  /// The words of the source as they were asked.
  private var sourceWords: String? {
    guard let arrow = question.text.firstRange(of: "->") else { return nil }
    return Self.trimmed(question.text[..<arrow.lowerBound])
  }

  private static func trimmed(_ text: Substring) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The flow as an `allow` line.
  private var added: Candidate {
    let line = "allow " + Self.trimmed(question.text[...])
    let place = placeForLines
    return Candidate(
      variant: PolicyVariant(lines: [line]),
      opening: PolicyOpening(
        lines: [line], isEdit: false, removed: nil, file: place.file, line: place.line))
  }

  /// The line with the flow's source cut out, and perhaps another line.
  private func excepting(_ rule: AccessRule, and more: Candidate? = nil) -> Candidate? {
    guard let words = sourceWords else { return nil }
    let end = SourceSpan(file: rule.span.file, start: rule.span.end, end: rule.span.end)
    return edited(
      TextEdit(end, replacement: " except \(words)"), of: rule.span,
      and: more?.opening.lines ?? [])
  }

  /// The publish line with the flow's source among those it is for.
  private func admitted(by span: SourceSpan) -> [Candidate] {
    guard let words = sourceWords, let statement = publish(at: span) else { return [] }
    for case .from(let peers, _) in statement.clauses {
      guard let last = peers.last?.span else { continue }
      let end = SourceSpan(file: span.file, start: last.end, end: last.end)
      return [edited(TextEdit(end, replacement: ", \(words)"), of: span)]
    }
    return []
  }

  private func edited(
    _ edit: TextEdit, of span: SourceSpan, and lines: [String] = []
  ) -> Candidate {
    let source = read.sources[span.file]
    let text = source.text(span)
    let at = text.utf8.index(text.utf8.startIndex, offsetBy: Int(edit.span.start - span.start))
    let changed = text[..<at] + edit.replacement + text[at...]
    let location = Int(read.sources.line(of: span))
    return Candidate(
      variant: PolicyVariant(edits: [edit], lines: lines),
      opening: PolicyOpening(
        lines: [Self.trimmed(changed[...])] + lines, isEdit: true, removed: nil,
        file: source.name, line: location))
  }

  private func removing(_ span: SourceSpan, and more: Candidate? = nil) -> Candidate {
    let source = read.sources[span.file]
    let lines = more?.opening.lines ?? []
    return Candidate(
      variant: PolicyVariant(edits: [TextEdit(span, replacement: "")], lines: lines),
      opening: PolicyOpening(
        lines: lines, isEdit: false, removed: Self.trimmed(source.text(span)[...]),
        file: source.name, line: Int(read.sources.line(of: span))))
  }

  // MARK: The text

  private func publish(at span: SourceSpan) -> PublishStatement? {
    func sought(_ declaration: Declaration) -> PublishStatement? {
      switch declaration {
      case .publish(let node): return node.span == span ? node : nil
      case .network(let node):
        guard node.span.file == span.file, node.span.start <= span.start,
          span.end <= node.span.end
        else { return nil }
        for case .publish(let inner) in node.statements where inner.span == span { return inner }
        return nil
      case .on(_, let inner, _): return inner.lazy.compactMap(sought).first
      case .language, .include, .uplink, .list, .service, .access, .default, .expect, .logDenied,
        .sysctl, .mssClamp, .malformed:
        return nil
      }
    }
    let tree = read.trees.first { $0.source.file == span.file }
    return tree?.declarations.lazy.compactMap(sought).first
  }

  /// Behind the last line about traffic of the file that declares a side of the flow, or behind its
  /// last statement.
  private var placeForLines: (file: String, line: Int) {
    let networks = (question.flow.map { $0.destinations + $0.sources } ?? []).compactMap(network)
    let file = networks.first.flatMap { policy?.networks[$0].span.file } ?? 0
    guard let tree = read.trees.first(where: { $0.source.file == file }) else {
      return (read.sources.files.first?.name ?? "", 1)
    }
    let lines = tree.declarations.filter { if case .access = $0 { true } else { false } }
    let last = (lines.isEmpty ? tree.declarations : lines).last
    let end = last?.span.end ?? 0
    let place = read.sources.lines(of: file).position(of: end > 0 ? end - 1 : 0)
    return (tree.source.name, place.line)
  }

  private func network(_ peer: Peer) -> Int? {
    switch peer {
    case .network(let index), .guest(let index, _): index
    case .addresses, .host, .world, .any: nil
    }
  }
}
