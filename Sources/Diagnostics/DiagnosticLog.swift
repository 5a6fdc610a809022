/// The findings of one compilation, in the order of their places.
package struct DiagnosticLog: Sendable {
  private var entries: [Diagnostic] = []
  package private(set) var errorCount = 0
  package private(set) var warningCount = 0

  package init() {}

  /// Adds one finding.
  package mutating func add(_ diagnostic: Diagnostic) {
    entries.append(diagnostic)
    switch diagnostic.severity {
    case .error: errorCount += 1
    case .warning: warningCount += 1
    case .note: break
    }
  }

  /// Adds all findings of another log.
  package mutating func add(contentsOf log: DiagnosticLog) {
    for entry in log.entries { add(entry) }
  }

  /// Whether no output may be written.
  package var hasErrors: Bool { errorCount > 0 }
  /// Whether nothing was found.
  package var isEmpty: Bool { entries.isEmpty }
  /// The number of findings of every severity.
  package var count: Int { entries.count }

  /// All findings, by place, then id, then message; equal ones once.
  ///
  /// - Complexity: O(n log n).
  package var sorted: [Diagnostic] {
    let ordered = entries.sorted { Self.sortKey($0) < Self.sortKey($1) }
    var result: [Diagnostic] = []
    for entry in ordered where result.last != entry { result.append(entry) }
    return result
  }

  private static func sortKey(_ entry: Diagnostic) -> (SourceSpan, String, String) {
    let nowhere = SourceSpan(file: .max, start: .max, end: .max)
    return (entry.span ?? nowhere, entry.id.rawValue, entry.message)
  }
}
