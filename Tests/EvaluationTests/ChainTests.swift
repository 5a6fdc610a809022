import Evaluation
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite struct ChainTests {
  private func host(_ rules: [Rule], _ others: [Chain]) -> Evaluator {
    Lab.evaluator([Lab.base("input", .filter, .input, 0, rules)] + others)
  }

  private func passage(_ rules: [Rule], _ others: [Chain] = []) -> Passage {
    var host = host(rules, others)
    return host.send(Lab.tcp(from: Lab.lan, to: Lab.host, port: 22), from: Lab.fromLAN)[0]
  }

  @Test func returnGoesBackToTheCallerAndGotoDoesNotComeBack() {
    let counting = Rule([], [.counter])
    let inner = Chain("inner", rules: [counting, Rule([], [.verdict(.return)]), Lab.drop])
    let jumped = passage([Rule([], [.verdict(.jump("inner"))]), Lab.drop], [inner])
    #expect(jumped.steps.map(\.chain) == ["input", "inner", "inner", "input"])
    #expect(jumped.fate == .dropped)
    let gone = passage([Rule([], [.verdict(.goto("inner"))]), Lab.drop], [inner])
    #expect(gone.steps.map(\.chain) == ["input", "inner", "inner"])
    #expect(gone.fate == .delivered)
    let middle = Chain("middle", rules: [Rule([], [.verdict(.goto("inner"))]), Lab.drop])
    let both = passage([Rule([], [.verdict(.jump("middle"))]), Lab.drop], [inner, middle])
    #expect(both.steps.map(\.chain) == ["input", "middle", "inner", "inner", "input"])
  }

  @Test func anAcceptIsFinalForItsBaseChainOnly() {
    let later = Lab.base("later", .filter, .input, 10, [Lab.drop])
    let result = passage([Rule([], [.verdict(.accept)]), Lab.drop], [later])
    #expect(result.steps.map(\.chain) == ["input", "later"])
    #expect(result.fate == .dropped)
  }

  @Test func whatIsNotUnderstoodIsNotGuessed() {
    func fate(_ rule: Program.Rule) -> Passage.Fate {
      let base = BaseChain(.filter, .input, priority: 0)
      let program = Program(tables: [
        Program.Table(
          .packets([.ipv4]), "foreign",
          chains: [Program.Chain("c", base: base, dropsByDefault: true, .program([rule]))])
      ])
      var host = Evaluator(program, Lab.topology())
      return host.send(Lab.tcp(from: Lab.lan, to: Lab.host, port: 22), from: Lab.fromLAN)[0].fate
    }
    let accept = Program.Effect.action(.verdict(.accept))
    #expect(fate(Program.Rule([.unknown("socket")], [accept])) == .undecided(.condition("socket")))
    #expect(fate(Program.Rule([], [.unknown("tproxy")])) == .undecided(.effect("tproxy")))
    // A condition that surely fails decides, whatever the other one is.
    let udp = Program.Condition.match(.transport(.udp))
    #expect(fate(Program.Rule([.unknown("socket"), udp], [accept])) == .dropped)
    #expect(fate(Program.Rule([], [accept])) == .delivered)
  }

  @Test func aPolicyToDropIsAStep() {
    let base = BaseChain(.filter, .forward, priority: 10)
    let program = Program(tables: [
      Program.Table(
        .packets([.ipv4, .ipv6]), "foreign",
        chains: [Program.Chain("f", base: base, dropsByDefault: true, .ruleset([]))])
    ])
    var host = Evaluator(program, Lab.topology())
    let passage = host.send(Lab.tcp(from: Lab.web, to: Lab.lan, port: 1), from: Lab.fromWeb)[0]
    #expect(passage.fate == .dropped)
    #expect(passage.steps.last?.effects == [.policyDrop])
  }

  @Test func ringsAndMissingObjectsEnd() {
    let ring = [
      Chain("a", rules: [Rule([], [.verdict(.goto("b"))])]),
      Chain("b", rules: [Rule([], [.verdict(.goto("a"))])]),
    ]
    #expect(passage([Rule([], [.verdict(.goto("a"))])], ring).fate == .undecided(.end))
    #expect(passage([Rule([], [.verdict(.jump("x"))])]).fate == .undecided(.object("x")))
    #expect(
      passage([Rule([], [.dispatch([.transport], map: "m")])]).fate == .undecided(.object("m")))
  }

  @Test func unknownPlacesAreNamed() {
    var host = Lab.evaluator([])
    let nowhere = Sample.interface("eth7")
    let packet = Lab.tcp(from: Lab.lan, to: Lab.host, port: 1)
    #expect(
      host.send(packet, from: .interface(nowhere))[0].fate == .undecided(.interface(nowhere)))
    let stranger = Sample.address("10.1.0.77")
    #expect(
      host.send(Lab.tcp(from: Lab.web, to: stranger, port: 1), from: Lab.fromWeb)[0].fate
        == .undecided(.port(of: Lab.bridge, stranger)))
    // A rule that asks for what nobody knows.
    let byMAC = Rule([.sourceMAC(MACAddress(bits: 9), negated: true)], [.verdict(.drop)])
    var judging = Lab.evaluator([Lab.base("input", .filter, .input, 0, [byMAC])])
    #expect(
      judging.send(packet, from: Lab.fromLAN)[0].fate == .undecided(.hardwareAddress(Lab.lan)))
  }

  @Test func frameRulesRememberFlowsAndPorts() {
    let set = NamedSet("flows", .flows(.ports(.ipv4, .udp), timeout: 60))
    let ports = NamedSet("ports", .learnedInterfaces(timeout: 60))
    let forward = Lab.base(
      "forward", .filter, .forward, -200,
      [
        Rule([.outputInterface(.isNotIn("ports"))], [.verdict(.accept)]),
        Rule([.remembered(.ports(.ipv4, .udp), set: "flows", .answering)], [.verdict(.accept)]),
        Rule(
          [.source(AddressMatch(Lab.web))],
          [.remember(.ports(.ipv4, .udp), set: "flows"), .verdict(.accept)]),
        Lab.drop,
      ])
    let learn = Lab.base(
      "output", .filter, .output, -200,
      [Rule([.etherType(.arp)], [.learnOutputInterface(set: "ports")])])
    var host = Lab.evaluator([], frames: [forward, learn], sets: [set, ports])
    let query = Packet.first(.udp, from: Lab.web, to: Lab.db, port: 53)
    #expect(host.exchange(query, from: Lab.fromWeb).outcome == .works)
    let other = Packet.first(.udp, from: Lab.db, to: Lab.web, port: 53)
    #expect(host.exchange(other, from: Lab.fromDB).outcome == .openingLost)
    // What was remembered is forgotten.
    let answer = Packet.first(.udp, from: Lab.db, port: 53, to: Lab.web, port: 40_000)
    #expect(host.send(answer, from: Lab.fromDB)[0].left(by: Lab.bridge, Lab.webPort))
    host.wait(milliseconds: 59_000)
    #expect(host.send(query, from: Lab.fromWeb)[0].left(by: Lab.bridge, Lab.dbPort))
  }
}
