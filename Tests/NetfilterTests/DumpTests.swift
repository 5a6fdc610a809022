import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("Dumps")
struct DumpTests {
  @Test("every noun, as it is known to be right")
  func everyNoun() throws {
    let tables = [everyInetNoun(), everyBridgeNoun(includesRare: true)]
    try expectGolden(Array(dump(Ruleset(tables: tables)).utf8), "every-noun.ruleset")
  }

  @Test("every condition and every effect has words of its own")
  func distinctWords() {
    let matches = [
      NounSamples.inetMatches, NounSamples.bridgeMatches, NounSamples.rareBridgeMatches,
    ].joined()
    let words = matches.map { $0.map(\.words).joined(separator: ", ") }
    #expect(words.count > 80)
    for (match, other) in pairs(Array(zip(matches, words))) where match.0 != other.0 {
      #expect(match.1 != other.1)
    }
  }

  private func pairs<Element>(_ elements: [Element]) -> [(Element, Element)] {
    elements.indices.flatMap { first in
      elements[(first + 1)...].map { (elements[first], $0) }
    }
  }
}
