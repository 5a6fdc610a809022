import Diagnostics
import Netfilter

/// Finds where things come from; fast where each stands near the one before.
struct OriginFinder {
  private let sources: SourceMap
  private var lines: LineFinder

  init(_ sources: SourceMap) {
    self.sources = sources
    lines = LineFinder(sources)
  }

  mutating func origin(_ span: SourceSpan) -> Origin {
    Origin(span: span, file: sources.name(of: span), line: lines.line(of: span))
  }
}
