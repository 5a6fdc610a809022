import Driver
import Foundation
import Netfilter
import NetlinkBackend
import NftablesBackend
import Testing

/// A policy of the corpus.
struct GoldenPolicy: Sendable, CustomTestStringConvertible {
  /// `noun/case`.
  let name: String
  private let path: String
  private let assumed: Set<Capability>

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
        let assumed = assumptions(directory)
        // What is compiled for other kernels than this, this one refuses.
        guard FileManager.default.fileExists(atPath: directory.path + "/output.nft"),
          assumed.isSubset(of: Capability.ofThisKernel)
        else { continue }
        result.append(
          GoldenPolicy(name: "\(noun)/\(name)", path: policy.path, assumed: assumed))
      }
    }
    return result
  }()

  private static func names(in directory: URL) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
    return (names ?? []).sorted()
  }

  private static func assumptions(_ directory: URL) -> Set<Capability> {
    let options = try? String(contentsOfFile: directory.path + "/options", encoding: .utf8)
    let words = (options ?? "").split(whereSeparator: \.isWhitespace)
    return Set(words.compactMap { Capability(rawValue: String($0)) })
  }

  func compiler(_ capabilities: Set<Capability>) -> Compiler {
    Compiler(host: name == "on/selected" ? "alpha" : nil, capabilities: capabilities)
  }

  func sources() throws -> PolicySources { try compiler([]).read([.path(path)]) }

  func ruleset() throws -> Ruleset {
    try #require(try compiler(assumed).compile(sources()).ruleset)
  }
}

extension Capability {
  /// What the kernel that the tests run on can do.
  static let ofThisKernel: Set<Capability> = {
    let found = try? inNamespace {
      var session = try NetlinkSession()
      return try session.probe()
    }
    return found ?? []
  }()
}

extension Ruleset {
  /// What `nft -f` takes.
  var script: String { String(decoding: nftScript(self), as: UTF8.self) }
}
