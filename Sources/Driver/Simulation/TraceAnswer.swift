import NetworkTypes

/// What `trace` found out about a flow.
package struct TraceAnswer: Sendable {
  package let question: FlowQuestion
  package let judgment: Judgment
  /// Whose rules were asked: `nft`, `iptables`, `live`.
  package let backend: String
  /// Whether a line was sought that would allow the flow.
  let soughtOpening: Bool
  /// Such a line; `nil` where none was found.
  let opening: PolicyOpening?
}

/// A change of a policy that was compiled and tried: it lets a flow pass.
struct PolicyOpening: Hashable, Sendable {
  /// Lines to add, or what takes the place of the line at ``line``.
  let lines: [String]
  /// Whether ``lines`` take the place of a line.
  let isEdit: Bool
  /// A line to take out.
  let removed: String?
  let file: String
  /// From 1: the line to add after, or the one to change.
  let line: Int
}
