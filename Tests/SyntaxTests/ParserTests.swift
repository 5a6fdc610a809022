import Diagnostics
import PolicyTestSupport
import Syntax
import Testing

struct ParserTests {
  @Test(arguments: SamplePolicy.all)
  func everyStatementIsRead(_ text: String) {
    let (tree, findings) = parsed(text)
    #expect(findings == [])
    #expect(!tree.declarations.isEmpty)
  }

  @Test(arguments: 0..<500)
  func whatTheGrammarAllowsIsRead(_ seed: UInt64) {
    var generator = PolicyGenerator(seed: seed)
    let text = generator.policy()
    let errors = parsed(text).findings.filter { $0.id != .settingDuplicate }
    #expect(errors == [], "\(text)")
  }

  @Test(arguments: 0..<200)
  func layoutMeansNothing(_ seed: UInt64) {
    var generator = PolicyGenerator(seed: seed)
    let tokens = generator.tokens()
    let one = generator.layout(tokens)
    let other = generator.layout(tokens)
    #expect(skeleton(source(one)) == skeleton(source(other)))
    #expect(shape(one) == shape(other))
  }

  /// The tree of a text without its places.
  private func shape(_ text: String) -> String {
    let dump = String(describing: parsed(text).tree.declarations)
    return dump.replacing(/SourceSpan\(file: 0, start: \d+, end: \d+\)/, with: "")
  }
}
