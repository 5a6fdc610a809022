import Foundation

/// The checkout that these tests were built from.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The names of everything at the top, but for what starts with a dot.
  static func topLevelEntries() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path())
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  /// The paths below `folder`, relative to the root, of files with this extension; sorted.
  static func paths(below folder: String, extension suffix: String) throws -> [String] {
    let base = root.appending(path: folder)
    return try FileManager.default.subpathsOfDirectory(atPath: base.path())
      .filter { $0.hasSuffix("." + suffix) && !$0.contains(".build/") }
      .map { "\(folder)/\($0)" }.sorted()
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// All Swift files below `folder`.
  static func swiftFiles(below folder: String) throws -> [SwiftFile] {
    try swiftFiles.get().filter { $0.path.hasPrefix(folder + "/") }
  }

  // Read once: most tests look at all of them.
  private static let swiftFiles = Result {
    try ["Sources", "Tests", "Benchmarks"].flatMap { folder in
      try paths(below: folder, extension: "swift").map { SwiftFile(path: $0, text: try text($0)) }
    }
  }
}
