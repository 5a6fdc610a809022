import Foundation

/// Paths in the checkout that the tests were built from.
enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let golden = root.appending(path: "golden")
  static let examples = root.appending(path: "Examples")

  /// The names in a directory, in the order of their bytes, hidden ones left out.
  static func entries(of directory: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  static func isDirectory(_ url: URL) -> Bool {
    var result: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: url.path, isDirectory: &result)
      && result.boolValue
  }

  static func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }
}
