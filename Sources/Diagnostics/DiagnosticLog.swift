/// The findings of one compilation, in the order of their places.
package struct DiagnosticLog: Sendable {
  private var entries: [Diagnostic] = []
  private var kept = FindingCounts()
  /// How many findings were counted only.
  package private(set) var unkept = FindingCounts()

  /// Of each severity so many findings are kept, and the others counted: nobody reads more, and a
  /// file of nothing but mistakes has millions.
  package static let keptLimit = 1 << 17

  package init() {}

  /// Adds one finding.
  package mutating func add(_ diagnostic: Diagnostic) {
    guard kept[diagnostic.severity] < Self.keptLimit else {
      unkept.add(diagnostic.severity)
      return
    }
    kept.add(diagnostic.severity)
    entries.append(diagnostic)
  }

  /// Adds all findings of another log.
  package mutating func add(contentsOf log: DiagnosticLog) {
    for entry in log.entries { add(entry) }
    unkept = unkept + log.unkept
  }

  /// How many errors were added.
  package var errorCount: Int { kept.errors + unkept.errors }
  /// How many warnings were added.
  package var warningCount: Int { kept.warnings + unkept.warnings }
  /// Whether no output may be written.
  package var hasErrors: Bool { errorCount > 0 }
  /// Whether nothing was found.
  package var isEmpty: Bool { entries.isEmpty }

  /// The number of findings of every severity.
  package var count: Int { kept.total + unkept.total }

  /// All findings that were kept, by place, then id, then message; equal ones once.
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
