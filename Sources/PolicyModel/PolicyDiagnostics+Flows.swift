import Diagnostics
import NetworkTypes
import Syntax

extension Diagnostic {
  static func anyToAny(_ node: AccessStatement) -> Diagnostic {
    Diagnostic(
      .flowAny, "this is about every flow of the host, its networks and the world",
      at: node.flow.span)
  }

  static func contradiction(_ node: AccessStatement, _ first: AccessStatement) -> Diagnostic {
    Diagnostic(
      .flowContradiction,
      "`\(node.verb.rawValue)` and `\(first.verb.rawValue)` of the very same flow", at: node.span,
      notes: [Note("the `\(first.verb.rawValue)` is here", at: first.span)])
  }

  static func deadFlow(_ node: AccessStatement, _ covering: [SourceSpan]) -> Diagnostic {
    Diagnostic(
      .flowDead, "all that this line allows is denied, and a denial beats it", at: node.span,
      notes: covering.map { Note("denied here", at: $0) })
  }

  static func deadPublish(at span: SourceSpan, _ covering: [SourceSpan]) -> Diagnostic {
    Diagnostic(
      .flowDead, "all that this line publishes is denied, and a denial beats it", at: span,
      notes: covering.map { Note("denied here", at: $0) })
  }

  static func defaultConflict(_ node: AccessStatement, _ first: SourceSpan) -> Diagnostic {
    Diagnostic(
      .defaultConflict, "another default has a different verdict for some of this flow",
      at: node.span, notes: [Note("the other is here", at: first)])
  }

  static func flowWithoutPath(
    _ node: AccessStatement, _ network: Sourced<String>, internal place: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .flowNoPath, "`\(network.value)` is internal: it has no path to or from the world",
      at: node.flow.span, notes: [Note("`internal` is here", at: place)])
  }

  static func impossibleFlow(
    _ node: AccessStatement, _ source: FamilySet, _ destination: FamilySet, _ carried: FamilySet
  ) -> Diagnostic {
    let sentence =
      if source.isEmpty {
        "the source has no address"
      } else if destination.isEmpty {
        "the destination has no address"
      } else if source.isDisjoint(with: destination) {
        "the source has \(source.name) addresses only, the destination \(destination.name)"
      } else {
        "the match is \(carried.name) only, and the peers have no such addresses"
      }
    return Diagnostic(
      .flowImpossible, "no packet can have this flow: \(sentence)", at: node.flow.span)
  }

  static func noSourceLeft(_ node: AccessStatement) -> Diagnostic {
    Diagnostic(
      .flowImpossible, "nothing is both in the flow's sources and in its `from`",
      at: node.flow.span)
  }

  static func redundantFlow(
    _ node: AccessStatement, _ covering: [SourceSpan], _ removal: TextEdit
  ) -> Diagnostic {
    Diagnostic(
      .flowRedundant, "this line says nothing that other lines do not say", at: node.span,
      notes: covering.map { Note("said here", at: $0) },
      fixIts: [FixIt("remove the line", edits: [removal])])
  }

  static func repeatedDefault(_ node: AccessStatement, _ covering: [SourceSpan]) -> Diagnostic {
    Diagnostic(
      .flowDefaultSame, "this line says what the default says", at: node.span,
      notes: covering.map { Note("the default is here", at: $0) })
  }

  static func replyFlow(_ node: AccessStatement, of first: SourceSpan) -> Diagnostic {
    Diagnostic(
      .flowReplies, "replies pass by themselves; this line lets the other side open connections",
      at: node.span, notes: [Note("the other direction is here", at: first)])
  }

  static func selfFlow(_ node: AccessStatement) -> Diagnostic {
    Diagnostic(
      .flowSelf, "what a peer sends to itself never leaves it, so no rule sees it",
      at: node.flow.span)
  }

  static func spelledService(_ match: MatchSyntax, _ name: Identifier) -> Diagnostic {
    let text = name.isQuoted ? "\"\(name.text)\"" : name.text
    return Diagnostic(
      .portService, "the service `\(name.text)` is these ports", at: match.span,
      notes: [Note("`\(name.text)` is declared here", at: name.span)],
      fixIts: [
        FixIt("write `\(name.text)`", edits: [TextEdit(match.span, replacement: text)])
      ])
  }

  static func uselessAllow(
    _ network: Sourced<String>, at span: SourceSpan, _ removal: TextEdit
  ) -> Diagnostic {
    Diagnostic(
      .iccUselessAllow, "the members of `\(network.value)` may talk to each other anyway", at: span,
      notes: [Note("`icc off` in the network would make strangers of them", at: network.span)],
      fixIts: [FixIt("remove the line", edits: [removal])])
  }

  static func uselessPublishException(_ text: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .flowExceptUseless, "`except \(text)` cuts nothing out of what `from` lets in", at: span)
  }

  static func uselessException(_ text: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .flowExceptUseless, "`except \(text)` cuts nothing out: it is on neither side of the flow",
      at: span)
  }

  static func vacuousExpectation(_ node: AccessStatement) -> Diagnostic {
    Diagnostic(
      .expectVacuous,
      "no packet is of this flow, so the expectation holds whatever the policy says",
      at: node.span)
  }

  static func worldToWorld(_ node: AccessStatement) -> Diagnostic {
    Diagnostic(
      .flowImpossible, "traffic from the world to the world is left alone by every policy",
      at: node.flow.span)
  }
}

extension FamilySet {
  /// The families as messages call them.
  fileprivate var name: String { families.map(\.name).joined(separator: " and ") }
}
