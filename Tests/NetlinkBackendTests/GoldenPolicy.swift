import Driver
import Foundation
import Netfilter
import NftablesBackend
import Testing

/// A policy of the corpus.
struct GoldenPolicy: Sendable, CustomTestStringConvertible {
  /// `noun/case`.
  let name: String
  private let path: String

  var testDescription: String { name }

  /// Every policy that compiles for this kernel, in the order of names.
  static let all: [GoldenPolicy] = {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let golden = root.appending(path: "golden")
    var result: [GoldenPolicy] = []
    for noun in names(in: golden) {
      for name in names(in: golden.appending(path: noun)) {
        let directory = golden.appending(path: "\(noun)/\(name)")
        let policy =
          noun == "examples"
          ? root.appending(path: "Examples/\(name).ward") : directory.appending(path: "input.ward")
        // What is compiled for other kernels than this, this one refuses.
        guard FileManager.default.fileExists(atPath: directory.path + "/output.nft"),
          !hasAssumptions(directory)
        else { continue }
        result.append(GoldenPolicy(name: "\(noun)/\(name)", path: policy.path))
      }
    }
    return result
  }()

  private static func names(in directory: URL) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
    return (names ?? []).sorted()
  }

  private static func hasAssumptions(_ directory: URL) -> Bool {
    let options = try? String(contentsOfFile: directory.path + "/options", encoding: .utf8)
    return options?.contains("--assume") ?? false
  }

  func ruleset() throws -> Ruleset {
    let host = name == "on/selected" ? "alpha" : nil
    return try #require(try Compiler(host: host).compile([.path(path)]).ruleset)
  }
}

extension Ruleset {
  /// What `nft -f` takes.
  var script: String { String(decoding: nftScript(self), as: UTF8.self) }
}
