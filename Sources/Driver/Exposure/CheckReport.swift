package import Diagnostics

/// What `check` prints as data: the findings, and beside them, where they were asked for, the
/// connections that are newly possible from outside. Fields are only ever added within one
/// `version`.
package struct CheckReport: Encodable, Sendable {
  private let findings: DiagnosticReport
  private let wider: FlowDifferenceReport?

  private enum CodingKeys: String, CodingKey { case wider }

  package init(_ findings: DiagnosticReport, wider: FlowDifferenceReport?) {
    self.findings = findings
    self.wider = wider
  }

  /// Writes both as one object.
  package func encode(to encoder: any Encoder) throws {
    try findings.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(wider, forKey: .wider)
  }
}
