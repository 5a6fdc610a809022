import Foundation

/// A directory of its own for one test, removed with it.
package final class Scratch: Sendable {
  package let path: String

  package init() throws {
    path = NSTemporaryDirectory() + "bridgeward-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, its directories included, and returns its path.
  @discardableResult
  package func write(_ name: String, _ text: String = "") throws -> String {
    try write(name, Array(text.utf8))
  }

  /// Writes a file, its directories included, and returns its path.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// The text of a file in the directory.
  package func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
  }

  /// The names in the directory, hidden ones included, sorted.
  package func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}
