import Evaluation
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite struct TranslationTests {
  private let map = AddressMap(
    "publish", .ipv4, [.transport, .destinationPort], rewritesPort: true,
    elements: (0..<100).map(element))

  /// Five ports, for `web` and `db` in turn.
  private static func element(_ number: Int) -> AddressMap.Element {
    let first = UInt16(1000 + 10 * number)
    return AddressMap.Element(
      ElementKey(.tcp, PortRange(first, first + 4)),
      to: number.isMultiple(of: 2) ? Lab.web : Lab.db, port: first + 4000,
      origin: Sample.origin(UInt32(number)))
  }

  private var chains: [Chain] {
    let publish = Rule([.destinationIsLocal(true)], [.destinationNAT(.map("publish"))])
    return [
      Lab.base("in", .nat, .prerouting, -100, [publish]),
      Lab.base("out", .nat, .output, -100, [publish]),
      Lab.base(
        "post", .nat, .postrouting, 100,
        [
          Rule(
            [.outputInterface(.equals(Lab.bridge)), .destinationTranslated(true)],
            [.masquerade(ports: nil, .kernel)]),
          Rule(
            [.outputInterface(.equals(Lab.card))], [.masquerade(ports: nil, .kernel)]),
        ]),
    ]
  }

  @Test(arguments: [false, true])
  func publishedPortsLeadToTheirTarget(_ filtersBridged: Bool) {
    var host = Lab.evaluator(chains, addressMaps: [map], filtersBridged: filtersBridged)
    for (ingress, source) in [(Lab.fromLAN, Lab.lan), (Lab.fromWeb, Lab.web), (.host, Lab.host)] {
      // More often than a map is looked through before it is indexed.
      for number in 0..<40 {
        for offset in 0..<5 {
          let packet = Packet.first(
            .tcp, from: source, port: UInt16(2000 + number), to: Lab.host,
            port: UInt16(1000 + 10 * number + offset))
          let exchange = host.exchange(packet, from: ingress)
          #expect(exchange.outcome == .works)
          #expect(
            exchange.arrival?.destination == (number.isMultiple(of: 2) ? Lab.web : Lab.db))
          #expect(exchange.arrival?.destinationPort == UInt16(5000 + 10 * number + offset))
          #expect(exchange.arrival?.source == Lab.gateway)
          let step = exchange.opening.steps.first { $0.element != nil }
          #expect(step?.element == Step.Element(map: "publish", index: number))
          #expect(step?.origin?.line == UInt32(number))
        }
      }
    }
    let miss = host.exchange(Lab.tcp(from: Lab.lan, to: Lab.host, port: 1005), from: Lab.fromLAN)
    #expect(miss.opening.fate == .delivered)
    #expect(miss.opening.steps.isEmpty)
  }

  @Test func masqueradedConnectionsComeBack() {
    var host = Lab.evaluator(chains, addressMaps: [map])
    let exchange = host.exchange(Lab.tcp(from: Lab.web, to: Lab.far, port: 80), from: Lab.fromWeb)
    #expect(exchange.outcome == .works)
    #expect(exchange.arrival?.source == Lab.host)
    #expect(exchange.answer?.packet.destination == Lab.web)
  }

  @Test func errorsAreTranslatedBack() {
    var host = Lab.evaluator(chains, addressMaps: [map])
    let packet = Packet.first(.tcp, from: Lab.lan, to: Lab.host, port: 1000)
    #expect(host.exchange(packet, from: Lab.fromLAN, with: .nobody).outcome == .refused)
    let out = Packet.first(.udp, from: Lab.web, to: Lab.far, port: 9)
    let exchange = host.exchange(out, from: Lab.fromWeb, with: .nobody)
    #expect(exchange.outcome == .refused)
    guard case .icmpError(_, _, let quoted)? = exchange.answer?.packet.content else {
      Issue.record("no error came back")
      return
    }
    #expect(quoted == out)
  }

  /// A frame that would have to leave by the port it came in by.
  @Test func portsThatDoNotSendFramesBackLoseHairpins() {
    var topology = Lab.topology(filtersBridged: true)
    for index in topology.interfaces.indices {
      if case .port(let bridge, _) = topology.interfaces[index].kind {
        topology.interfaces[index].kind = .port(of: bridge, returnsFrames: false)
      }
    }
    var table = Table(family: .inet, name: "t")
    table.chains = chains
    table.addressMaps = [map]
    var host = Evaluator(Ruleset(tables: [table]), topology)
    let passage = host.send(
      Lab.tcp(from: Lab.web, to: Lab.host, port: 1000), from: Lab.fromWeb)[0]
    #expect(passage.fate == .discarded(.samePort))
  }

  /// The first chain that rewrites has the last word, and dropping is no rewriting.
  @Test func oneRewritingAnEnd() {
    func chain(_ name: String, _ priority: Int32, _ target: IPAddress) -> Chain {
      Lab.base(
        name, .nat, .prerouting, priority,
        [Rule([.transport(.tcp)], [.destinationNAT(.address(target))])])
    }
    var host = Lab.evaluator([chain("late", -90, Lab.db), chain("early", -110, Lab.web)])
    let passage = host.send(Lab.tcp(from: Lab.lan, to: Lab.host, port: 5), from: Lab.fromLAN)[0]
    #expect(passage.packet.destination == Lab.web)
    #expect(passage.steps.map(\.chain) == ["early"])
  }
}
