import Foundation
import Testing

/// What the README shows is what the compiler makes.
@Suite struct ReadmeTests {
  /// A block under `<!-- FILE -->` is an excerpt of that file: each part between lines of `…` is
  /// found there in one piece, in order.
  @Test func excerptsAreExact() throws {
    var count = 0
    for block in try CodeBlock.blocks(of: "README.md") {
      guard let match = block.comment?.wholeMatch(of: /<!-- ([^ ]+) -->/) else { continue }
      count += 1
      var rest = try Pages.text(String(match.output.1))[...]
      for part in block.text.components(separatedBy: "…\n") where !part.isEmpty {
        let range = rest.range(of: part)
        #expect(range != nil, "\(block.place): not in \(match.output.1):\n\(part)")
        rest = rest[(range?.upperBound ?? rest.endIndex)...]
      }
    }
    #expect(count >= 3)
  }
}
