import Diagnostics
import Foundation
import Testing

/// One policy of `golden/diagnostics`, with the findings that its comments announce.
///
/// A finding is announced on a line of its own, above the line that it is found in:
///
///     # error: 9-12 [name-unknown] unknown container `wbe`; did you mean `web`?
///     publish tcp 80 -> wbe
///
/// The columns count UTF-8 bytes from 1, the end included; `3-2` is the empty place before column
/// 3, and `3-+2:5` ends two lines below, in column 5. Several announcements may stand above one
/// line; `error@7:` announces a finding of line 7 from anywhere. A first line `# host: NAME`
/// compiles for that host.
struct DiagnosticCase: CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]

  var testDescription: String { name }

  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "golden/diagnostics")

  /// All cases, by name.
  static let all: [DiagnosticCase] = {
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).filter { $0.pathExtension == "ward" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .compactMap { file in
        guard let data = try? Data(contentsOf: file) else { return nil }
        let name = file.deletingPathExtension().lastPathComponent
        return DiagnosticCase(name: name, bytes: Array(data))
      }
  }()

  var url: URL { Self.folder.appending(path: "\(name).ward") }

  var host: String? {
    guard let first = lines.first, let text = first.after("# host: ") else { return nil }
    return text
  }

  /// The lines, decoded, without their line feeds.
  var lines: [String] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// What the comments announce, sorted.
  var announced: [String] {
    var result: [String] = []
    let lines = self.lines
    for (index, line) in lines.enumerated() {
      guard let announcement = Announcement(line) else { continue }
      let below = lines[index...].firstIndex { Announcement($0) == nil } ?? lines.count
      result.append("line \(announcement.line ?? below + 1): \(announcement.text)")
    }
    return result.sorted()
  }

  /// What is found, in the same form.
  func found(_ checked: Checked) -> [String] {
    checked.findings.map { finding in
      "line \(line(of: finding, checked)): \(describe(finding, checked))"
    }.sorted()
  }

  /// The file with announcements of what is found in place of its own.
  func updated() -> [UInt8] {
    var current = bytes
    // Messages can speak of places, and announcements move them.
    for _ in 0..<4 {
      let next = DiagnosticCase(name: name, bytes: current).rewritten()
      if next == current { break }
      current = next
    }
    return current
  }

  private func rewritten() -> [UInt8] {
    let checked = Checked([bytes], host: host)
    var above: [Int: [String]] = [:]
    var below: [String] = []
    for finding in checked.findings {
      // Nothing can stand above the place of this one but what would move it.
      if finding.id == .fileEmpty {
        below.append("# \(finding.severity)@1: \(describe(finding, checked).dropFirst(7))")
        continue
      }
      above[line(of: finding, checked), default: []].append(describe(finding, checked))
    }
    let raw = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var result: [[UInt8]] = []
    for (index, line) in raw.enumerated() {
      if Announcement(String(decoding: line, as: UTF8.self)) != nil { continue }
      let indentation = line.prefix { $0 == UInt8(ascii: " ") }
      for text in above[index + 1] ?? [] { result.append(Array(indentation) + "# \(text)".utf8) }
      result.append(Array(line))
    }
    for text in below { result.insert(Array(text.utf8), at: result.count - 1) }
    return Array(result.joined(separator: [UInt8(ascii: "\n")]))
  }

  private func line(of finding: Diagnostic, _ checked: Checked) -> Int {
    finding.span.map { checked.sources.lines(of: $0.file).position(of: $0.start).line } ?? 0
  }

  private func describe(_ finding: Diagnostic, _ checked: Checked) -> String {
    let place = finding.span.map { columns($0, checked) } ?? "0-0"
    return "\(finding.severity): \(place) [\(finding.id.rawValue)] \(finding.message)"
  }

  private func columns(_ span: SourceSpan, _ checked: Checked) -> String {
    let lines = checked.sources.lines(of: span.file)
    let start = lines.position(of: span.start)
    if span.isEmpty { return "\(start.column)-\(start.column - 1)" }
    let last = lines.position(of: span.end - 1)
    let end = last.line == start.line ? "" : "+\(last.line - start.line):"
    return "\(start.column)-\(end)\(last.column)"
  }
}

/// One announcement.
private struct Announcement {
  /// The line it is about, where it says so.
  let line: Int?
  /// `severity: columns [id] message`
  let text: String

  init?(_ line: String) {
    let trimmed = String(line.drop { $0 == " " || $0 == "\t" })
    for severity in Severity.allCases {
      if let rest = trimmed.after("# \(severity): "), rest.first?.isNumber == true {
        self.line = nil
        text = "\(severity): \(rest)"
        return
      }
      guard let rest = trimmed.after("# \(severity)@"), let colon = rest.firstIndex(of: ":") else {
        continue
      }
      self.line = Int(rest[..<colon])
      text = "\(severity)\(rest[colon...])"
      return
    }
    return nil
  }
}

extension String {
  fileprivate func after(_ start: String) -> String? {
    hasPrefix(start) ? String(dropFirst(start.count)) : nil
  }
}

extension SourceSpan {
  fileprivate var isEmpty: Bool { start == end }
}
