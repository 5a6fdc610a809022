import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("What the verifier finds")
struct VerifierTests {
  @Test("nothing, where every noun is used as it should be")
  func everyNounIsFine() {
    let ruleset = Ruleset(tables: [everyInetNoun(), everyBridgeNoun(includesRare: true)])
    #expect(verify(ruleset).map(\.description) == [])
  }

  @Test("the samples have every kind of condition and effect")
  func samplesAreComplete() {
    let rules = [everyInetNoun(), everyBridgeNoun(includesRare: true)]
      .flatMap(\.chains).flatMap(\.rules)
    let conditions = Set(rules.flatMap(\.matches).map(\.kindIndex))
    #expect(conditions == Set(0..<Match.kindCount))
    #expect(Set(rules.flatMap(\.actions).map(\.kindIndex)) == Set(0..<Action.kindCount))
  }

  @Test("calls of chains that do not exist, or that cannot be called")
  func danglingCalls() {
    expect([.unknownChain("nowhere")], in: forward([Rule([], [.verdict(.jump("nowhere"))])]))
    expect(
      [.jumpToBaseChain("base"), .loop(["base", "base"])],
      in: forward([Rule([], [.verdict(.goto("base"))])]))
    var table = forward([])
    table.verdictMaps = [
      VerdictMap(
        "m", [.inputInterface],
        elements: [.init([.interface(.loopback)], .goto("nowhere"), origin: Sample.origin(4))])
    ]
    expect([.unknownChain("nowhere")], in: table)
    #expect(
      verify(Ruleset(tables: [table])).map(\.description) == [
        "table inet, map m (policy.ward:4): there is no chain 'nowhere'"
      ])
  }

  @Test("lookups in what does not exist, or holds something else")
  func danglingLookups() {
    let address = Match.source(AddressMatch(.set("s", .ipv4)))
    expect([.unknownSet("s")], in: forward([Rule([address], [.counter])]))
    var table = forward([Rule([address], [.counter])])
    table.sets = [NamedSet("s", .addresses(.ipv6, []))]
    expect([.wrongSetContent("s")], in: table)
    table.sets = [NamedSet("s", .addresses(.ipv4, []))]
    expect([], in: table)
    expect(
      [.unknownSet("s")],
      in: forward([Rule([.inputInterface(.isNotIn("s"))], [.counter])]))
    expect(
      [.unknownMap("m")],
      in: forward([Rule([], [.dispatch([.inputInterface], map: "m")])]))
  }

  @Test("keys of another shape than the map's")
  func keyShapes() {
    var table = forward([Rule([], [.dispatch([.outputInterface], map: "m")])])
    table.verdictMaps = [VerdictMap("m", [.inputInterface])]
    expect([.keyShape(map: "m")], in: table)
    table = forward([])
    table.verdictMaps = [
      VerdictMap("m", [.transport, .destinationPort], elements: [.init([.transport(.tcp)], .drop)])
    ]
    expect([.keyShape(map: "m")], in: table)
    table.verdictMaps = []
    let key: ElementKey = [.transport(.tcp), .ports(PortRange(80, 90))]
    let target = Sample.address("10.0.0.1")
    table.addressMaps = [
      AddressMap(
        "m", .ipv4, [.transport, .destinationPort], rewritesPort: true,
        elements: [
          .init(key, to: target, port: nil), .init(key, to: target, port: 65_530),
          .init(key, to: Sample.address("fd00::1"), port: 80),
        ])
    ]
    expect([.keyShape(map: "m"), .portOverflow(map: "m"), .mixedFamilies], in: table)
  }

  @Test("rewrites where the kernel does not rewrite")
  func natPlaces() {
    let masquerade = Rule([], [.masquerade(ports: nil, .kernel)])
    expect(
      [.natOutsideNatChain, .natAtWrongHook(.forward)], in: forward([masquerade]))
    var table = forward([Rule([], [.verdict(.jump("leaf"))])])
    table.chains.append(Chain("leaf", rules: [masquerade]))
    expect([.natOutsideNatChain, .natAtWrongHook(.forward)], in: table)
    table.chains[0] = Chain(
      "base", .base(BaseChain(.nat, .postrouting, priority: 100)), rules: table.chains[0].rules)
    expect([], in: table)
    table.chains[1].rules = [
      Rule([], [.masquerade(ports: PortRange(5000), .kernel)]),
      Rule([.family(.ipv6)], [.destinationNAT(.address(Sample.address("10.0.0.1")))]),
    ]
    expect(
      [.portsWithoutProtocol, .natAtWrongHook(.postrouting), .mixedFamilies], in: table)
  }

  @Test("interfaces that are not known yet, or not any more")
  func interfaces() {
    let output = Rule([.outputInterface(.equals(.loopback))], [.counter])
    for hook in [Hook.prerouting, .input] {
      expect([.outputInterfaceUnknown(hook)], in: table(hook, [output]))
    }
    let input = Rule([.inputInterface(.equals(.loopback))], [.counter])
    expect([.inputInterfaceUnknown(.output)], in: table(.output, [input]))
    expect([], in: forward([input, output]))
  }

  @Test("conditions of the other family of tables, and of both IP families")
  func families() {
    expect([.wrongTable(.inet)], in: forward([Rule([.etherType(.arp)], [.counter])]))
    var bridge = Table(family: .bridge, name: "bridgeward")
    bridge.chains = [Chain("leaf", rules: [Rule([.sourceIsLocal(true)], [.counter])])]
    expect([.wrongTable(.bridge)], in: bridge)
    let both = [
      Match.family(.ipv4), .source(AddressMatch(Sample.address("fd00::1"))),
    ]
    expect([.mixedFamilies], in: forward([Rule(both, [.counter])]))
  }

  @Test("both addresses of an ARP sender denied, of which nft would make that one differs")
  func neitherARPSender() {
    let address = AddressMatch(Sample.address("10.0.0.1"))
    let denied = AddressMatch(address.operand, negated: true)
    let mac = Sample.mac("02:42:ac:13:00:14")
    for (deniesMAC, sender) in [(true, address), (false, denied), (true, denied)] {
      var bridge = Table(family: .bridge, name: "bridgeward")
      let matches = [
        Match.etherType(.arp), .arpSenderMAC(mac, negated: deniesMAC), .arpSenderAddress(sender),
      ]
      bridge.chains = [Chain("leaf", rules: [Rule(matches, [.counter])])]
      expect(deniesMAC && sender.negated ? [.neitherARPSender] : [], in: bridge)
    }
  }

  @Test("names that nft cannot read back, and names given twice")
  func names() {
    for name in ["tcp", "", "9x", "a b", "\"x", String(repeating: "a", count: 128)] {
      var table = forward([])
      table.chains.append(Chain(name))
      expect([.invalidName(name)], in: table)
    }
    var table = forward([])
    table.chains += [Chain("from-front_1"), Chain("from-front_1")]
    expect([.duplicateName("from-front_1")], in: table)
    table = forward([])
    table.sets = [NamedSet("x", .meter(.ipv4))]
    table.verdictMaps = [VerdictMap("x", [.inputInterface])]
    expect([.duplicateName("x")], in: table)
  }

  @Test("circles, also through maps, and calls that nest too deep")
  func loops() {
    var table = forward([Rule([], [.dispatch([.inputInterface], map: "m")])])
    table.verdictMaps = [
      VerdictMap("m", [.inputInterface], elements: [.init([.interface(.loopback)], .jump("a"))])
    ]
    table.chains += [
      Chain("a", rules: [Rule([], [.verdict(.goto("b"))])]),
      Chain("b", rules: [Rule([], [.dispatch([.inputInterface], map: "m")])]),
    ]
    expect([.loop(["a", "b", "a"])], in: table)

    func ladder(_ rungs: Int) -> Table {
      var table = forward([Rule([], [.verdict(.jump("c1"))])])
      table.chains += (1...rungs).map { rung in
        Chain("c\(rung)", rules: rung < rungs ? [Rule([], [.verdict(.jump("c\(rung + 1)"))])] : [])
      }
      return table
    }
    expect([.tooDeep("base")], in: ladder(16))
    expect([], in: ladder(15))
  }

  @Test("the depth that is found too deep is the one that the kernel refuses")
  func depthOfTheKernel() throws {
    func script(_ rungs: Int) -> [UInt8] {
      var text = "table inet t {\n"
      for rung in (1...rungs).reversed() {
        text += "chain c\(rung) {\n\(rung < rungs ? "jump c\(rung + 1)" : "accept")\n}\n"
      }
      return Array(
        (text + "chain base {\ntype filter hook forward priority 0\njump c1\n}\n}\n").utf8)
    }
    let shell = NamespacedShell(files: ["fine": script(15), "deep": script(16)])
    #expect(try shell.run("nft -f fine").status == 0)
    #expect(try shell.run("nft -f deep").status != 0)
  }

  @Test("lists that are empty, ports of no protocol, effects that never happen, shared meters")
  func smallThings() {
    expect([.emptyList], in: forward([Rule([.connectionState([])], [.counter])]))
    expect(
      [.portsWithoutProtocol],
      in: forward([Rule([.transport(.esp), .sourcePort([PortRange(1)])], [.counter])]))
    expect(
      [.unreachableEffect], in: forward([Rule([], [.verdict(.drop), .log(prefix: "late")])]))
    var table = forward([
      Rule(
        [
          .limit(Limit(count: 1, unit: .day, burst: 1, perSourceMeter: "m")),
          .connectionsOver(count: 1, perSource: true, meter: "m"),
        ], [.counter])
    ])
    table.sets = [NamedSet("m", .meter(.ipv4))]
    expect([.sharedMeter("m")], in: table)
  }

  private func forward(_ rules: [Rule]) -> Table { table(.forward, rules) }

  private func table(_ hook: Hook, _ rules: [Rule]) -> Table {
    var table = Table(family: .inet, name: "bridgeward")
    table.chains = [Chain("base", .base(BaseChain(.filter, hook, priority: 0)), rules: rules)]
    return table
  }

  private func expect(
    _ kinds: [RulesetProblem.Kind], in table: Table,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      verify(Ruleset(tables: [table])).map(\.kind) == kinds, sourceLocation: sourceLocation)
  }
}
