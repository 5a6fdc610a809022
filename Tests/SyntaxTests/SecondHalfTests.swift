import Diagnostics
import Foundation
import PolicyTestSupport
import Syntax
import Testing

/// A file that two threads read is the file that one reads, wherever it is cut.
struct SecondHalfTests {
  @Test(arguments: try goldenPolicies())
  func everyLineOfEveryGoldenCanBeTheMiddle(_ path: String) throws {
    expectSameWherever(source(Array(try Data(contentsOf: URL(filePath: path)))))
  }

  /// The second half is of use: nothing of it is read again.
  @Test func theSecondHalfIsTaken() {
    let lines = (0..<50).map { "  publish tcp \(8000 + $0) -> web\n" }.joined()
    let text =
      "network a {\n" + lines + "}\nallow a -> world\nnetwork b {\n" + lines + "}\nuplink eth0\n"
    let source = source(text)
    // The second line of the first network, so that a whole network follows.
    #expect(take(source, after: 14))
    #expect(take(source, after: text.utf8.count - 400))
    // What stands in no network is of use, too.
    let outside = PolicyTestSupport.source(
      "uplink eth0\n" + String(repeating: "deny a -> b\n", count: 9))
    #expect(take(outside, after: 30))
  }

  /// At the first finding the second half is given up.
  @Test(arguments: [
    "publish tcp 80 web", "publsh tcp 80 -> web", "}", "{", "network a {", "\"", "é", "container",
    "allow -> a", "on a {", "list a {", "\u{FEFF}", "internal network", "deny a -> b deny",
  ])
  func mistakesAreToldAlike(_ mistake: String) {
    let line = "  publish tcp 80 -> web\n"
    for before in [0, 1, 3] {
      for after in [0, 2] {
        let text =
          "network a {\n" + String(repeating: line, count: before) + mistake + "\n"
          + String(repeating: line, count: after) + "}\nallow a -> world\n"
        expectSameWherever(source(text))
        expectSameWherever(source("on h {\n" + text + "}\n"))
        expectSameWherever(source(text + text))
      }
    }
  }

  private func expectSameWherever(_ source: SourceText) {
    let alone = read(source, nil)
    for middle in 0..<source.bytes.count
    where middle == 0 || source.bytes[middle] == UInt8(ascii: "\n") {
      guard let reader = SecondHalf.Reader(of: source, after: middle) else { continue }
      let both = read(source, SecondHalf(reader) { reader.read() })
      #expect(both.tree == alone.tree && both.findings == alone.findings, "cut after \(middle)")
    }
  }

  private func read(
    _ source: SourceText, _ half: SecondHalf?
  ) -> (tree: [Declaration], findings: [Diagnostic]) {
    var log = DiagnosticLog()
    let tree = parse(source, log: &log, beside: half)
    return (tree.declarations, log.sorted)
  }

  /// Whether the first thread took what the second read, and the tree is the same.
  private func take(_ source: SourceText, after middle: Int) -> Bool {
    guard let reader = SecondHalf.Reader(of: source, after: middle) else { return false }
    let asked = Counter()
    let half = SecondHalf(reader) {
      asked.count += 1
      return reader.read()
    }
    let isSame = read(source, half).tree == read(source, nil).tree
    return isSame && asked.count == 1 && reader.read() != nil
  }

  private final class Counter { var count = 0 }
}

private func goldenPolicies() throws -> [String] {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "golden").path
  let files = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
  return files.filter { $0.hasSuffix(".ward") }.sorted().map { "\(root)/\($0)" }
}
