import Evaluation
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite struct ConnectionTests {
  private let strict = Lab.base(
    "forward", .filter, .forward, 0,
    [
      Lab.acceptReplies,
      Rule([.connectionState([.invalid])], [.verdict(.drop)]),
      Rule([.inputInterface(.equals(Lab.bridge))], [.verdict(.accept)]),
      Lab.drop,
    ])

  @Test func answersPassWhereNewConnectionsDoNot() {
    var host = Lab.evaluator([strict])
    let out = host.exchange(Lab.tcp(from: Lab.web, to: Lab.lan, port: 80), from: Lab.fromWeb)
    #expect(out.outcome == .works)
    #expect(out.opening.left(by: Lab.card))
    let back = host.exchange(Lab.tcp(from: Lab.lan, to: Lab.web, port: 80), from: Lab.fromLAN)
    #expect(back.outcome == .openingLost)
    #expect(back.opening.fate == .dropped)
  }

  @Test func whatAnswersNothingIsInvalid() {
    var host = Lab.evaluator([strict])
    let synAck = Packet(
      from: Lab.lan, to: Lab.web, .tcp(from: 80, to: 4000, .answering))
    let passage = host.send(synAck, from: Lab.fromLAN)[0]
    #expect(passage.fate == .dropped)
    #expect(passage.steps.map(\.rule) == [1])
    let reply = Packet(from: Lab.web, to: Lab.lan, .icmp(type: 0, code: 0, identifier: 1))
    #expect(host.send(reply, from: Lab.fromWeb)[0].fate == .dropped)
  }

  /// A connection that a rule stopped is none.
  @Test func onlyWhatGotThroughIsRemembered() {
    var host = Lab.evaluator([strict])
    let packet = Lab.tcp(from: Lab.lan, to: Lab.web, port: 80)
    _ = host.send(packet, from: Lab.fromLAN)
    let answer = Packet(from: Lab.web, to: Lab.lan, .tcp(from: 80, to: 40_000, .answering))
    #expect(host.send(answer, from: Lab.fromWeb)[0].fate == .dropped)
  }

  @Test func errorsBelongToTheConnectionTheyAreAbout() {
    var host = Lab.evaluator([strict])
    let packet = Packet.first(.udp, from: Lab.web, to: Lab.lan, port: 9)
    let exchange = host.exchange(packet, from: Lab.fromWeb, with: .nobody)
    #expect(exchange.outcome == .refused)
    let stray = Packet(
      from: Lab.lan, to: Lab.web,
      .icmpError(
        type: 3, code: 3, about: .first(.udp, from: Lab.web, port: 7, to: Lab.lan, port: 7)))
    #expect(host.send(stray, from: Lab.fromLAN)[0].fate == .dropped)
  }

  @Test func closedConnectionsAreGone() {
    let limited = Lab.base(
      "forward", .filter, .forward, 0,
      [
        Lab.acceptReplies,
        Rule([.connectionsOver(count: 1, perSource: true, meter: "m")], [.verdict(.drop)]),
      ])
    var host = Lab.evaluator([limited], sets: [NamedSet("m", .meter(.ipv4))])
    let first = Packet.first(.tcp, from: Lab.web, port: 1001, to: Lab.lan, port: 80)
    let second = Packet.first(.tcp, from: Lab.web, port: 1002, to: Lab.lan, port: 80)
    let other = Packet.first(.tcp, from: Lab.db, port: 1002, to: Lab.lan, port: 80)
    #expect(host.exchange(first, from: Lab.fromWeb, staysOpen: true).outcome == .works)
    #expect(host.exchange(second, from: Lab.fromWeb).outcome == .openingLost)
    #expect(host.exchange(other, from: Lab.fromDB, staysOpen: true).outcome == .works)
    host.close(first)
    #expect(host.exchange(second, from: Lab.fromWeb).outcome == .works)
  }

  @Test func ratesRecover() {
    let limit = Limit(count: 30, unit: .minute, burst: 2, perSourceMeter: nil)
    let limited = Lab.base(
      "input", .filter, .input, 0, [Rule([.limit(limit)], [.verdict(.accept)]), Lab.drop])
    var host = Lab.evaluator([limited])
    func send(_ port: UInt16) -> Passage.Fate {
      host.send(
        .first(.udp, from: Lab.lan, port: port, to: Lab.host, port: 53), from: Lab.fromLAN)[
          0
        ]
        .fate
    }
    #expect([send(1), send(2), send(3)] == [.delivered, .delivered, .dropped])
    host.wait(milliseconds: 1999)
    #expect(send(4) == .dropped)
    host.wait(milliseconds: 1)
    #expect(send(5) == .delivered)
  }
}
