import Netfilter
import NftablesBackend
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("What is printed for nft is what nft takes")
struct AcceptedByNftTests {
  private let everything = Ruleset(tables: [everyInetNoun(), everyBridgeNoun()])

  @Test("every noun loads, in one transaction")
  func everyNounLoads() throws {
    let shell = NamespacedShell(files: ["all.nft": nftScript(everything, header: ["a test"])])
    let result = try shell.run("nft -c -f all.nft && nft -f all.nft")
    #expect(result.errors == "")
    #expect(result.status == 0)
  }

  @Test("loading twice equals loading once")
  func loadingTwice() throws {
    let shell = NamespacedShell(files: ["all.nft": nftScript(everything)])
    let once = try shell.run("nft -f all.nft; nft list ruleset")
    let twice = try shell.run("nft -f all.nft; nft -f all.nft; nft list ruleset")
    #expect(once.output == twice.output)
    #expect(once.output.contains("chain nat-postrouting"))
  }

  @Test("what nft lists can be loaded again and lists the same")
  func listedTextLoads() throws {
    let shell = NamespacedShell(files: ["all.nft": nftScript(everything)])
    let result = try shell.run(
      """
      nft -f all.nft && nft list ruleset > listed && nft flush ruleset &&
      nft -f listed && nft list ruleset | cmp - listed
      """)
    #expect(result.errors == "")
    #expect(result.status == 0)
  }

  @Test("a table that is no longer wanted goes, others stay")
  func staleTableGoes() throws {
    let shell = NamespacedShell(files: [
      "both.nft": nftScript(everything),
      "inet.nft": nftScript(Ruleset(tables: [everyInetNoun()])),
      "none.nft": nftRemovalScript(),
    ])
    let result = try shell.run(
      """
      nft add table inet other; nft -f both.nft; nft list tables; echo
      nft -f inet.nft; nft list tables; echo
      nft -f none.nft; nft -f none.nft; nft list tables
      """)
    #expect(
      result.output == """
        table inet other
        table inet bridgeward
        table bridge bridgeward

        table inet other
        table inet bridgeward

        table inet other

        """)
  }

  @Test("limits whose burst is earned in years")
  func longTimeouts() throws {
    for (count, burst) in [(UInt32(1), UInt32(10_000)), (2, 2_315), (2, 2_314), (7, 10_000)] {
      let limit = Limit(count: count, unit: .day, burst: burst, perSourceMeter: "rate")
      var table = Table(family: .inet, name: "bridgeward")
      table.sets = [NamedSet("rate", .meter(.ipv4))]
      table.chains = [Chain("leaf", rules: [Rule([.family(.ipv4), .limit(limit)], [.counter])])]
      let shell = NamespacedShell(files: ["rules.nft": nftScript(Ruleset(tables: [table]))])
      let result = try shell.run(
        "nft -f rules.nft && nft -j list sets | sed 's/.*\"timeout\": \\([0-9]*\\).*/\\1/'")
      #expect(result.errors == "")
      let seconds = (UInt64(burst) * 86_400 + UInt64(count) - 1) / UInt64(count)
      #expect(result.output == "\(seconds)\n")
    }
  }

  @Test("conditions that this kernel may lack are the words that nft knows")
  func rareConditionsParse() throws {
    let table = everyBridgeNoun(includesRare: true)
    let text = String(decoding: nftScript(Ruleset(tables: [table])), as: UTF8.self)
    #expect(text.contains("\t\tmeta ibrname \"br0\" accept"))
    #expect(text.contains("\t\tmeta obrname \"br0\" accept"))
    let shell = NamespacedShell(files: ["rare.nft": Array(text.utf8)])
    let result = try shell.run("nft -c -f rare.nft")
    // A word that nft does not know is a syntax error whatever the kernel can do.
    #expect(!result.errors.contains("syntax error"))
  }
}
