import Diagnostics
import NetworkTypes
import Syntax

extension PolicyDraft {
  /// `except` in a publish that cuts nothing out of its `from`.
  func checkPublishExceptions(_ geometry: PeerGeometry, _ log: inout DiagnosticLog) {
    for line in publishLines where line.hasClauses {
      guard let first = line.publishes.first else { continue }
      let terms = policy.terms(of: policy.publishes[first])
      if terms.sources.isEmpty { continue }
      let spans = exceptionSpans(statement(of: line))
      for (peer, span) in zip(terms.exceptions, spans) {
        let cuts = terms.sources.contains { geometry.overlaps($0, peer) }
        if !cuts { log.add(.uselessPublishException(files.text(span), at: span)) }
      }
    }
  }

  private func exceptionSpans(_ statement: PublishStatement) -> [SourceSpan] {
    statement.clauses.flatMap { clause in
      guard case .except(let peers, _) = clause else { return [SourceSpan]() }
      return peers.map(\.span)
    }
  }
}
