import Foundation
import FuzzTargets
import Testing

/// Bytes for a target.
struct Input: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]

  var testDescription: String { name }

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let inputs = root.appending(path: "Tests/FuzzTests/Inputs")

  /// The targets that have inputs.
  static func folders() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: inputs.path).sorted()
  }

  /// What is kept for a target.
  static func kept(for target: FuzzTarget) throws -> [Input] {
    try files(below: inputs.appending(path: target.rawValue)) { _ in true }
  }

  /// The policies of the corpus.
  static func policies() throws -> [Input] {
    try files(below: root.appending(path: "golden")) { $0 == "input.ward" }
      + files(below: root.appending(path: "Examples")) { $0.hasSuffix(".ward") }
  }

  /// What the policies of the corpus are for iptables.
  static func restoreTexts() throws -> [Input] {
    try files(below: root.appending(path: "golden")) {
      $0 == "output.iptables" || $0 == "output.ip6tables"
    }
  }

  private static func files(
    below folder: URL, _ isMeant: (String) -> Bool
  ) throws -> [Input] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    return try paths.compactMap { path -> Input? in
      let file = folder.appending(path: path)
      let isRegular = try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
      guard isRegular, isMeant(file.lastPathComponent) else { return nil }
      let bytes = [UInt8](try Data(contentsOf: file))
      // Large ones are for the fuzzer, which has the time.
      return bytes.count <= 6000 ? Input(name: path, bytes: bytes) : nil
    }
  }
}
