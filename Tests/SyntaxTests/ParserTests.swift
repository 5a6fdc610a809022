import Diagnostics
import Syntax
import Testing

struct ParserTests {
  @Test(arguments: SamplePolicy.all)
  func everyStatementIsRead(_ text: String) {
    let (tree, findings) = parsed(text)
    #expect(findings == [])
    #expect(!tree.declarations.isEmpty)
  }
}
