import Diagnostics
import PolicyTestSupport
import Syntax
import Testing

/// The law: whatever the bytes, the tokens cover them without gap or overlap.
struct TokenCoverageTests {
  @Test(arguments: SamplePolicy.all)
  func samplesAreCovered(_ text: String) { expectCovered(Array(text.utf8)) }

  @Test(arguments: 0..<200)
  func generatedPoliciesAreCovered(_ seed: UInt64) {
    var generator = PolicyGenerator(seed: seed)
    expectCovered(Array(generator.policy().utf8))
  }

  @Test(arguments: Mutation.allCases)
  func damagedPoliciesAreCovered(_ mutation: Mutation) {
    for seed in UInt64(0)..<300 {
      var generator = PolicyGenerator(seed: seed)
      var bytes = Array(generator.policy().utf8)
      for _ in 0..<3 { bytes = mutation.apply(to: bytes, random: &generator.random) }
      expectCovered(bytes)
    }
  }

  @Test(arguments: 0..<200)
  func randomBytesAreCovered(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    expectCovered((0..<500).map { _ in UInt8.random(in: 0...255, using: &random) })
  }

  private func expectCovered(_ bytes: [UInt8]) {
    let (tree, _) = parsed(source(bytes))
    var end: UInt32 = 0
    for token in tree.tokens {
      #expect(token.start == end)
      #expect(token.end > token.start || token.kind == .endOfFile)
      end = token.end
    }
    #expect(Int(end) == bytes.count)
    #expect(tree.tokens.last?.kind == .endOfFile)
    #expect(tree.tokens.filter { $0.kind == .endOfFile }.count == 1)
    expectInside(tree.declarations, Int(end))
  }

  /// Every statement's place is in the file, and statements do not overlap.
  private func expectInside(_ declarations: [Declaration], _ size: Int) {
    var end: UInt32 = 0
    for declaration in declarations {
      #expect(declaration.span.start >= end)
      #expect(declaration.span.end > declaration.span.start)
      end = declaration.span.end
    }
    #expect(Int(end) <= size)
  }
}
