/// What `explain` says about one kind of finding.
package struct Explanation: Hashable, Sendable {
  package let id: DiagnosticID
  /// One sentence: what is the matter.
  package let summary: String
  /// Why it matters and how to mend it, as paragraphs without line breaks of their own.
  package let paragraphs: [String]
  /// A policy that gets the finding; `nil` where no text alone can show it.
  package let example: String?

  init(_ id: DiagnosticID, _ summary: String, _ paragraphs: String..., example: String? = nil) {
    self.id = id
    self.summary = summary
    self.paragraphs = paragraphs
    self.example = example
  }

  /// The explanation of `id`; every id has one.
  package init(_ id: DiagnosticID) {
    guard let found = Self.all.first(where: { $0.id == id }) else {
      preconditionFailure("invariant: every diagnostic is explained, \(id.rawValue) too")
    }
    self = found
  }

  /// Every explanation, grouped by noun.
  package static let all: [Explanation] =
    texts + files + names + addresses + subnets + interfaces + settings + ports + publishes
    + flows + enforcement + lists
}
