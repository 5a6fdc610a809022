import Diagnostics
import Netfilter
import Syntax

/// A point on the way from text to rules whose result can be looked at.
package enum Stage: String, CaseIterable, Hashable, Sendable {
  case tokens, tree, policy, ruleset

  /// Whether it comes before anybody asks what the text means.
  package var needsNoPolicy: Bool {
    switch self {
    case .tokens, .tree: true
    case .policy, .ruleset: false
    }
  }

  /// What the stage made, as text for people; `nil` where the policy's errors kept it from working.
  package func text(of result: Compilation) -> String? {
    let outline = ValueOutline(result.sources)
    switch self {
    case .tokens:
      return result.trees.map { tokenListing($0, sources: result.sources) }.joined()
    case .tree:
      return result.trees.map { outline.text($0.source.name, $0.declarations) }.joined()
    case .policy:
      return result.policy.map { outline.text("policy", $0) }
    case .ruleset:
      return result.ruleset.map(dump)
    }
  }
}
