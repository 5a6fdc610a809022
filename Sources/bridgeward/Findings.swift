import Diagnostics
import Host

/// Shows findings to people.
struct Findings {
  let log: DiagnosticLog
  let sources: SourceMap

  /// Writes the findings as text to `stream`, in colors if `color` says so.
  func write(to stream: StandardStream, color: ColorOption) throws {
    if log.isEmpty { return }
    let renderer = TextRenderer(
      sources, isColored: color.isOn(for: stream), width: stream.columns ?? 100)
    try stream.write(renderer.render(log))
  }

  /// The status of a check that found these.
  var status: ExitStatus {
    if log.hasErrors { return .mistake }
    return log.warningCount > 0 ? .findings : .success
  }
}
