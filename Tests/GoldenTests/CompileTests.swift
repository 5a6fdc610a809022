import Driver
import Foundation
import Netfilter
import Testing

/// Every policy of the corpus compiles to exactly what stands beside it.
@Suite struct CompileTests {
  @Test(arguments: try GoldenCase.all())
  func compilesTo(_ golden: GoldenCase) throws {
    let outputs = try GoldenCompiler(golden).outputs()
    for output in GoldenOutput.allCases {
      try GoldenFile(url: golden.directory.appending(path: output.rawValue)).expect(outputs[output])
    }
  }

  @Test func everyRulesetIsSound() throws {
    for golden in try GoldenCase.all() {
      let compiled = try GoldenCompiler(golden).compilation.ruleset
      let ruleset = try #require(compiled, "\(golden.name)")
      #expect(verify(ruleset).isEmpty, "\(golden.name)")
    }
  }

  /// The order of hashed collections differs from process to process, not from run to run; within
  /// a process it still differs between equal values that were built differently.
  @Test func compilesToTheSameTwice() throws {
    for golden in try GoldenCase.all() {
      let first = try GoldenCompiler(golden).outputs()
      let second = try GoldenCompiler(golden).outputs()
      #expect(first == second, "\(golden.name)")
    }
  }
}
