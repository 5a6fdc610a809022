/// All findings of one compilation as plain data: what `--format json` prints.
///
/// Fields are only ever added within one `version`.
package struct DiagnosticReport: Hashable, Sendable, Encodable {
  /// One diagnostic.
  package struct Finding: Hashable, Sendable, Encodable {
    package let id: String
    package let severity: String
    package let message: String
    package let location: Location?
    package let notes: [Remark]
    package let fixes: [Fix]
  }

  /// A note of a finding.
  package struct Remark: Hashable, Sendable, Encodable {
    package let message: String
    package let location: Location?
  }

  /// A change that mends a finding.
  package struct Fix: Hashable, Sendable, Encodable {
    package let message: String
    package let edits: [Edit]
  }

  /// A replacement of one place.
  package struct Edit: Hashable, Sendable, Encodable {
    package let location: Location
    package let replacement: String
  }

  package let version = 1
  package let errors: Int
  package let warnings: Int
  package let notes: Int
  package let findings: [Finding]

  private enum CodingKeys: String, CodingKey { case version, errors, warnings, notes, findings }

  /// - Complexity: O(bytes of the sources + n log n).
  package init(_ log: DiagnosticLog, sources: SourceMap) {
    let locator = Locator(sources)
    let sorted = log.sorted
    let counts = FindingCounts(log, kept: sorted)
    errors = counts.errors
    warnings = counts.warnings
    notes = counts.notes
    findings = sorted.map { Finding($0, locator) }
  }
}

extension DiagnosticReport.Finding {
  fileprivate init(_ diagnostic: Diagnostic, _ locator: Locator) {
    id = diagnostic.id.rawValue
    severity = diagnostic.severity.rawValue
    message = diagnostic.message
    location = diagnostic.span.map(locator.location)
    notes = diagnostic.notes.map {
      DiagnosticReport.Remark(message: $0.message, location: $0.span.map(locator.location))
    }
    fixes = diagnostic.fixIts.map { fixIt in
      DiagnosticReport.Fix(
        message: fixIt.message,
        edits: fixIt.edits.map {
          DiagnosticReport.Edit(
            location: locator.location(of: $0.span), replacement: $0.replacement)
        })
    }
  }
}
