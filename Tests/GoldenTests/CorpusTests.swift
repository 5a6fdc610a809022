import Diagnostics
import Driver
import Formatting
import Foundation
import Syntax
import Testing

/// The corpus holds what it should and nothing else.
@Suite struct CorpusTests {
  @Test func everyFileBelongsToACase() throws {
    for golden in try GoldenCase.all() where Repository.isDirectory(golden.directory) {
      for name in try Repository.entries(of: golden.directory) {
        let file = golden.directory.appending(path: name)
        #expect(isKnown(name, file, golden), "\(golden.name)/\(name) belongs to nothing")
      }
    }
  }

  private func isKnown(_ name: String, _ file: URL, _ golden: GoldenCase) -> Bool {
    if GoldenOutput(rawValue: name) != nil || name == "options" { return true }
    // Left by a failed run; never committed.
    if name.hasSuffix(".actual") { return true }
    if name == "input.ward" { return golden.policy == file }
    // What a case includes.
    return golden.name.hasPrefix("include/") && Repository.isDirectory(file)
  }

  @Test func everyCaseHasAPolicy() throws {
    for golden in try GoldenCase.all() {
      #expect(FileManager.default.fileExists(atPath: golden.policy.path), "\(golden.name)")
    }
  }

  @Test func everyExpectationOfAnExampleHasItsExample() throws {
    let known = Set(try GoldenCase.all().map(\.name))
    let noun = GoldenCase.exampleNoun
    for name in try Repository.entries(of: Repository.golden.appending(path: noun)) {
      #expect(known.contains("\(noun)/\(name)"), "golden/\(noun)/\(name) has no example")
    }
  }

  @Test func nothingLiesBesideTheCases() throws {
    let loose = try Repository.entries(of: Repository.golden).filter { name in
      !Repository.isDirectory(Repository.golden.appending(path: name))
    }
    #expect(loose == ["README.md"])
  }

  @Test(arguments: try GoldenCase.all())
  func policiesAreLaidOut(_ golden: GoldenCase) throws {
    for tree in try GoldenCompiler(golden).compilation.trees {
      #expect(format(tree) == String(decoding: tree.source.bytes, as: UTF8.self))
    }
  }

  /// Examples teach: they have no errors, and no warnings but those that are meant to be seen.
  @Test func examplesAreClean() throws {
    for golden in try GoldenCase.all() where golden.name.hasPrefix("examples/") {
      let compiler = try GoldenCompiler(golden)
      #expect(!compiler.hasErrors, "\(golden.name)")
    }
  }
}
