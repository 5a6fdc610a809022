import Diagnostics
import Netfilter

/// Finds where things come from; fast where each stands near the one before.
struct OriginFinder {
  private let sources: SourceMap
  private var lines: LineFinder
  private var file: (index: UInt32, name: String)?

  init(_ sources: SourceMap) {
    self.sources = sources
    lines = LineFinder(sources)
  }

  mutating func origin(_ span: SourceSpan) -> Origin {
    if file?.index != span.file { file = (span.file, sources.name(of: span)) }
    return Origin(span: span, file: file?.name ?? "", line: lines.line(of: span))
  }
}
