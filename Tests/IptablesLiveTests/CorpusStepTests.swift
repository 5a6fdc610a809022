import Driver
import Foundation
import IptablesBackend
import Netfilter
import NetworkTypes
import Testing
import TestSupport

/// The whole corpus through real iptables, one policy on top of the other.
@Suite("Every policy of the corpus is read back as it was printed")
struct CorpusStepTests {
  private static func rulesets() throws -> [(name: String, ruleset: Ruleset)] {
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "golden")
    var result: [(String, Ruleset)] = []
    for noun in try FileManager.default.contentsOfDirectory(atPath: golden.path).sorted()
    where noun != "diagnostics" {
      let folder = golden.appending(path: noun)
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
        continue
      }
      for name in names.sorted() {
        let path = folder.appending(path: name).appending(path: "input.ward").path
        guard FileManager.default.fileExists(atPath: path) else { continue }
        let compilation = try Compiler().compile([.path(path)])
        if let ruleset = compilation.ruleset { result.append(("\(noun)/\(name)", ruleset)) }
      }
    }
    return result
  }

  @Test func asPrinted() throws {
    let rulesets = try Self.rulesets()
    #expect(rulesets.count > 60)
    for (name, ruleset) in rulesets {
      for family in AddressFamily.allCases {
        let legalized = legalize(ruleset, family: family)
        let read = try readSaveText(restoreText(legalized, header: ["a test"]), family: family)
        #expect(
          read.tables.map(\.chains) == legalized.own.tables.map(\.chains), "\(name) \(family)")
        let kept = try readSaveText(saveText(legalized.own), family: family)
        #expect(kept == legalized.own, "\(name) \(family), as it is kept")
      }
    }
  }

  @Test(arguments: IptablesVariant.allCases)
  func asSaved(_ variant: IptablesVariant) throws {
    let host = try LiveHost(variant)
    for (name, ruleset) in try Self.rulesets() {
      try host.live().apply(ruleset)
      let comparison = try host.live().compare(ruleset)
      #expect(comparison.isSame && comparison.drift.isEmpty, "\(name): \(comparison)")
      #expect(try host.live().read() == IptablesState(of: ruleset), "\(name)")
    }
    try host.live().remove()
    #expect(try host.live().read().isEmpty)
  }
}
