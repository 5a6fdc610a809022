import Foundation

/// Files by which processes tell each other.
enum SignalFile {
  static func create(_ path: String) {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
  }

  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  /// Waits until a file is there, or is not.
  static func wait(for path: String, exists: Bool = true) throws {
    for _ in 0..<12_000 {
      if FileManager.default.fileExists(atPath: path) == exists { return }
      usleep(5_000)
    }
    throw Failure("\(path) is \(exists ? "not there" : "still there")")
  }
}

/// Something that must not happen, in words.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
