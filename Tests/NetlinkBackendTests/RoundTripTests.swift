import KernelForm
import NetlinkBackend
import Testing

/// What nft loaded is read, and sent to an empty kernel: nft then sees the same.
@Suite struct RoundTripTests {
  @Test func thereAreScripts() { #expect(GoldenScript.all.count > 100) }

  @Test(arguments: GoldenScript.all)
  func readsAndSendsWhatNftLoaded(golden: GoldenScript) throws {
    let (ruleset, expected) = try inNamespace {
      try Nft.load(golden.script)
      var session = try NetlinkSession()
      return (try session.read(table: "bridgeward"), try Nft.listings())
    }
    #expect(ruleset.tables.allSatisfy { $0.strangers.isEmpty })
    let found = try inNamespace {
      var session = try NetlinkSession()
      try session.commit(Plan.full(ruleset, name: "bridgeward"), generation: nil)
      return try Nft.listings()
    }
    #expect(found == expected)
  }
}
