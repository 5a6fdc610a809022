import Foundation
package import Testing

/// Expects `actual` to be the text of the file `Goldens/<name>` beside the test.
///
/// With `UPDATE_GOLDEN=1` in the environment the file is written instead, and the test fails all
/// the same: what was updated is to be read before it is believed.
package func expectGolden(
  _ actual: [UInt8], _ name: String, testFile: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let folder = URL(fileURLWithPath: testFile).deletingLastPathComponent()
    .appendingPathComponent("Goldens")
  let file = folder.appendingPathComponent(name)
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(actual).write(to: file)
    Issue.record("\(name) was updated", sourceLocation: sourceLocation)
    return
  }
  let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
  let difference = firstDifference(String(decoding: actual, as: UTF8.self), expected)
  #expect(difference == nil, "\(name)", sourceLocation: sourceLocation)
}

/// The first line that differs, with its number; `nil` for equal texts.
private func firstDifference(_ actual: String, _ expected: String) -> String? {
  let actual = actual.split(separator: "\n", omittingEmptySubsequences: false)
  let expected = expected.split(separator: "\n", omittingEmptySubsequences: false)
  for index in 0..<max(actual.count, expected.count) {
    let found = index < actual.count ? String(actual[index]) : "(end)"
    let wanted = index < expected.count ? String(expected[index]) : "(end)"
    if found != wanted { return "line \(index + 1): \(found) instead of \(wanted)" }
  }
  return nil
}
