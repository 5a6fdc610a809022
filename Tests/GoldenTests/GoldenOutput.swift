import Foundation
import Testing

/// One file that a case may have beside its policy.
enum GoldenOutput: String, CaseIterable, Sendable {
  case nft = "output.nft"
  case iptables = "output.iptables"
  case ip6tables = "output.ip6tables"
  case iptablesHooks = "output.iptables-hooks"
  case ruleset = "output.ruleset"
  case diagnostics = "output.diagnostics"
  /// Of the examples alone: who can reach what.
  case exposure = "output.exposure"
}

/// Compares outputs with their expectations, or replaces these.
///
/// With `UPDATE_GOLDEN=1` in the environment expectations are rewritten, and the test that did so
/// fails: an update is never a passed test.
struct GoldenFile {
  let url: URL

  private static let isUpdating = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

  /// Expects the file to hold `text`, or not to exist where that is `nil`.
  func expect(_ text: String?, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let expected = FileManager.default.fileExists(atPath: url.path) ? try Repository.text(url) : nil
    let actual = url.appendingPathExtension("actual")
    try? FileManager.default.removeItem(at: actual)
    guard text != expected else { return }
    guard !Self.isUpdating else { return try update(text, sourceLocation) }
    if let text { try text.write(to: actual, atomically: true, encoding: .utf8) }
    Issue.record(
      "\(difference(expected, text)) (make golden accepts it)", sourceLocation: sourceLocation)
  }

  private func update(_ text: String?, _ sourceLocation: SourceLocation) throws {
    if let text {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
    } else {
      try FileManager.default.removeItem(at: url)
    }
    Issue.record("\(path) was rewritten", sourceLocation: sourceLocation)
  }

  private var path: String {
    String(url.path.dropFirst(Repository.root.path.count + 1))
  }

  private func difference(_ expected: String?, _ actual: String?) -> String {
    guard let expected else { return "\(path) does not exist" }
    guard let actual else { return "\(path) exists, but nothing makes it" }
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(old, new).prefix { $0 == $1 }.count
    let before = line < old.count ? String(old[line]) : "the end"
    let after = line < new.count ? String(new[line]) : "the end"
    return "\(path):\(line + 1) is\n  \(after)\nand should be\n  \(before)\n"
  }
}
