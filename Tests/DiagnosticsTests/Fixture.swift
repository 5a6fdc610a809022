import Diagnostics

/// A compilation of one file, and spans found by their text.
struct Fixture {
  var sources = SourceMap()
  let file: UInt32
  let text: String

  init(_ text: String, name: String = "policy.ward") {
    self.text = text
    file = sources.add(name: name, bytes: Array(text.utf8))
  }

  /// The first place where the file says `part`.
  func span(_ part: String) -> SourceSpan {
    let bytes = Array(text.utf8)
    let wanted = Array(part.utf8)
    let start = bytes.indices.first { bytes[$0...].starts(with: wanted) } ?? bytes.count
    return SourceSpan(
      file: file, start: UInt32(start), end: UInt32(min(start + wanted.count, bytes.count)))
  }

  func log(_ findings: Diagnostic...) -> DiagnosticLog {
    var log = DiagnosticLog()
    for finding in findings { log.add(finding) }
    return log
  }

  func render(_ findings: Diagnostic..., isColored: Bool = false, width: Int = 100) -> String {
    var log = DiagnosticLog()
    for finding in findings { log.add(finding) }
    return TextRenderer(sources, isColored: isColored, width: width).render(log)
  }
}
