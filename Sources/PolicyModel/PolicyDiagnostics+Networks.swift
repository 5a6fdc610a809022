import Diagnostics
import Syntax

extension Diagnostic {
  static func duplicateSetting(
    _ name: String, at span: SourceSpan, first: SourceSpan, removal: TextEdit?
  ) -> Diagnostic {
    Diagnostic(
      .settingDuplicate, "`\(name)` stands twice", at: span,
      notes: [Note("the first is here", at: first)],
      fixIts: removal.map { [FixIt("remove the second", edits: [$0])] } ?? [])
  }

  static func missingAttachment(_ name: Identifier) -> Diagnostic {
    Diagnostic(
      .attachmentMissing, "network `\(name.text)` has no bridge or other attachment", at: name.span,
      notes: [Note("say `bridge`, `macvlan`, `ipvlan`, `openvswitch` or `interface`")])
  }
}
