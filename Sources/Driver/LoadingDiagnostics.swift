import Diagnostics
import Syntax

extension Diagnostic {
  /// A directory was named that holds no policy.
  static func directoryWithoutPolicies(_ path: String) -> Diagnostic {
    Diagnostic(.fileEmpty, "the directory `\(path)` holds no policy (`*.ward`)", at: nil)
  }

  static func fileTooLarge(_ name: String, limit: Int, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .fileTooLarge, "`\(name)` has more than \(limit >> 20) MiB and was not read", at: span)
  }

  /// The files include each other in a ring.
  ///
  /// - Parameter ring: The include lines on the way round; the last one closes the ring.
  static func includeCycle(_ ring: [SourceSpan], _ sources: SourceMap) -> Diagnostic {
    let name = ring.first.map { sources[$0.file].name } ?? ""
    let message =
      ring.count == 1 ? "`\(name)` includes itself" : "this leads back to `\(name)`, which is open"
    return Diagnostic(
      .includeCycle, message, at: ring.last,
      notes: ring.dropLast().map {
        Note("`\(sources[$0.file].name)` includes the next here", at: $0)
      })
  }

  static func includeMissing(_ request: IncludeRequest) -> Diagnostic {
    Diagnostic(
      .includeMissing, "`\(request.pattern.text)` names no file", at: request.pattern.span)
  }

  static func includeOfDirectory(_ request: IncludeRequest) -> Diagnostic {
    let text = request.pattern.text
    let all = text.hasSuffix("/") ? "\(text)*.ward" : "\(text)/*.ward"
    return Diagnostic(
      .includeMissing, "`\(text)` is a directory", at: request.pattern.span,
      fixIts: [
        FixIt(
          "include the policies in it: `\(all)`",
          edits: [TextEdit(request.pattern.span, replacement: "\"\(all)\"")])
      ])
  }

  static func writableFile(_ name: String, file: UInt32) -> Diagnostic {
    Diagnostic(
      .fileWritable, "`\(name)` belongs to root, and others than root can write it",
      at: SourceSpan(file: file, start: 0, end: 0))
  }
}
