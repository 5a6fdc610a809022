import Testing
import Diagnostics
import Driver
import Foundation
import Netfilter

/// The policies under `golden` and `Examples`, compiled.
enum Corpus {
  struct Policy: Sendable, CustomTestStringConvertible {
    let name: String
    let ruleset: Ruleset

    var testDescription: String { name }
  }

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Every policy without mistakes, for kernels with nothing that may lack and with everything.
  static func all() throws -> [Policy] {
    var policies: [Policy] = []
    var seen: Set<Ruleset> = []
    for file in try files() {
      for capabilities in [[], Set(Capability.allCases)] {
        for host in [nil, "alpha"] {
          let compiled = try Compiler(host: host, capabilities: capabilities)
            .compile([.path(file.path)])
          guard !compiled.log.hasErrors, let ruleset = compiled.ruleset else { continue }
          guard seen.insert(ruleset).inserted else { continue }
          let name = file.path.dropFirst(root.path.count + 1)
          policies.append(Policy(name: "\(name) \(capabilities.count)", ruleset: ruleset))
        }
      }
    }
    return policies
  }

  private static func files() throws -> [URL] {
    let manager = FileManager.default
    var result: [URL] = []
    for folder in ["golden", "Examples"] {
      let names = try manager.subpathsOfDirectory(atPath: root.appending(path: folder).path)
      for name in names.sorted() where name.hasSuffix(".ward") {
        result.append(root.appending(path: folder).appending(path: name))
      }
    }
    return result
  }
}
