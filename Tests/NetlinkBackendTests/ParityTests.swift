import KernelForm
import KernelTestSupport
import Netfilter
import NetlinkBackend
import RulesetTestSupport
import Testing

/// Rules are the same in the kernel, whether nft loaded their text or we sent them.
@Suite struct ParityTests {
  private let name = "bridgeward"

  @Test func thereArePolicies() { #expect(GoldenPolicy.all.count > 150) }

  @Test(arguments: GoldenPolicy.all)
  func goldenIsTheSameByBothWays(golden: GoldenPolicy) throws {
    try expectParity(try golden.ruleset())
  }

  @Test(arguments: TableFamily.allCases)
  func everyNounIsTheSameByBothWays(family: TableFamily) throws {
    let table =
      switch family {
      case .inet: everyInetNoun()
      case .bridge: everyBridgeNoun(includesRare: Capability.ofThisKernel.contains(.bridgeMeta))
      }
    try expectParity(Ruleset(tables: [table]))
  }

  /// Loads the rules by both ways, lists and reads them.
  private func expectParity(_ ruleset: Ruleset) throws {
    let form = kernelForm(of: ruleset)
    let (expected, loaded) = try inNamespace {
      try Nft.load(ruleset.script)
      var session = try NetlinkSession()
      return (try Nft.listings(), try session.read(table: name))
    }
    let (found, sent) = try inNamespace {
      var session = try NetlinkSession()
      try session.commit(Plan.full(form, name: name), generation: nil)
      return (try Nft.listings(), try session.read(table: name))
    }
    for (found, expected) in zip(found, expected) {
      #expect(found.lines(missingIn: expected) == expected.lines(missingIn: found))
      #expect((found == expected) == true, "the order differs")
    }
    expectSame(sent, form)
    expectSame(loaded, form)
    #expect(plan(from: sent, to: form).isEmpty)
    #expect(plan(from: loaded, to: form).isEmpty)
  }

  /// Tells the first object that differs: whole rulesets are too long to be read.
  private func expectSame(_ found: KernelRuleset, _ expected: KernelRuleset) {
    let found = found.canonical
    let expected = expected.canonical
    if found == expected { return }
    #expect(found.tables.count == expected.tables.count)
    for (found, expected) in zip(found.tables, expected.tables) {
      #expect(found.comment == expected.comment)
      #expect(found.strangers == [])
      #expect(found.sets.map(\.name) == expected.sets.map(\.name))
      for (found, expected) in zip(found.sets, expected.sets) { #expect(found == expected) }
      for (found, expected) in zip(found.chains, expected.chains) {
        #expect(found.name == expected.name)
        for (found, expected) in zip(found.rules, expected.rules) { #expect(found == expected) }
      }
    }
    #expect(found == expected)
  }
}

extension String {
  /// The lines, or objects of JSON, that `other` does not have.
  fileprivate func lines(missingIn other: String) -> [Substring] {
    let separators: Set<Character> = ["\n", "{", "}"]
    let known = Set(other.split { separators.contains($0) })
    return split { separators.contains($0) }.filter { !known.contains($0) }
  }
}
