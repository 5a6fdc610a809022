import Foundation
import Testing

/// A policy of the corpus, with the script that it compiles to.
struct GoldenScript: Sendable, CustomTestStringConvertible {
  /// `noun/case`.
  let name: String
  let script: String

  var testDescription: String { name }

  /// Every case whose script this kernel takes, in the order of names.
  static let all: [GoldenScript] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "golden")
    let manager = FileManager.default
    var result: [GoldenScript] = []
    for noun in (try? manager.contentsOfDirectory(atPath: root.path).sorted()) ?? [] {
      let folder = root.appending(path: noun)
      for name in (try? manager.contentsOfDirectory(atPath: folder.path).sorted()) ?? [] {
        let directory = folder.appending(path: name)
        guard
          let data = try? Data(contentsOf: directory.appending(path: "output.nft")),
          // What is compiled for other kernels than this, this one refuses.
          !hasAssumptions(directory)
        else { continue }
        result.append(
          GoldenScript(name: "\(noun)/\(name)", script: String(decoding: data, as: UTF8.self)))
      }
    }
    return result
  }()

  private static func hasAssumptions(_ directory: URL) -> Bool {
    let options = try? String(
      contentsOf: directory.appending(path: "options"), encoding: .utf8)
    return options?.contains("--assume") ?? false
  }
}
