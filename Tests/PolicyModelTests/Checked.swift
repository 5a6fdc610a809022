import Diagnostics
import PolicyModel
import Syntax

/// One or more files taken through text check, parser and resolver.
struct Checked {
  let sources: SourceMap
  let findings: [Diagnostic]
  let policy: Policy?

  init(_ files: [[UInt8]], host: String? = nil) {
    var sources = SourceMap()
    var log = DiagnosticLog()
    var trees: [SyntaxTree] = []
    for (index, bytes) in files.enumerated() {
      let file = sources.add(name: "policy\(index).ward", bytes: bytes)
      checkText(sources[file], log: &log)
      trees.append(parse(sources[file], log: &log))
    }
    let resolved = resolve(trees, host: host, log: &log)
    resolved.check(&log)
    policy = log.hasErrors ? nil : resolved.policy
    self.sources = sources
    findings = log.sorted
  }

  init(_ texts: String..., host: String? = nil) {
    self.init(texts.map { Array($0.utf8) }, host: host)
  }

  /// The ids of the findings, each once, sorted.
  var ids: [String] { Set(findings.map(\.id.rawValue)).sorted() }

  /// The findings that keep a policy from being made.
  var errors: [String] { findings.filter { $0.severity == .error }.map(\.message) }

  /// The first file after the first fix-it of `finding`.
  func applying(_ fixIt: FixIt) -> [UInt8] {
    var bytes = sources[0].bytes
    for edit in fixIt.edits.sorted(by: { $0.span > $1.span }) {
      bytes.replaceSubrange(Int(edit.span.start)..<Int(edit.span.end), with: edit.replacement.utf8)
    }
    return bytes
  }
}
