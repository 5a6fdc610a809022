/// How many findings of each severity there are.
package struct FindingCounts: Hashable, Sendable {
  package private(set) var errors = 0
  package private(set) var warnings = 0
  package private(set) var notes = 0

  package init() {}

  /// The counts of all that `log` was given; equal findings that were kept count once.
  ///
  /// - Parameter kept: `log.sorted`, which takes time.
  package init(_ log: DiagnosticLog, kept: [Diagnostic]) {
    self = log.unkept
    for finding in kept { add(finding.severity) }
  }

  var total: Int { errors + warnings + notes }

  mutating func add(_ severity: Severity) {
    switch severity {
    case .error: errors += 1
    case .warning: warnings += 1
    case .note: notes += 1
    }
  }

  static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.errors += right.errors
    sum.warnings += right.warnings
    sum.notes += right.notes
    return sum
  }

  subscript(severity: Severity) -> Int {
    switch severity {
    case .error: errors
    case .warning: warnings
    case .note: notes
    }
  }
}

extension FindingCounts: CustomStringConvertible {
  /// `2 errors, 1 warning`; severities without findings are left out.
  package var description: String {
    [(errors, "error"), (warnings, "warning"), (notes, "note")]
      .filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
      .joined(separator: ", ")
  }
}
