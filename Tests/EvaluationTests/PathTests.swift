import Evaluation
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite struct PathTests {
  private func mark(_ name: String, _ hook: Hook, _ priority: Int32) -> Chain {
    Lab.base(name, .filter, hook, priority, [Rule([], [.counter])])
  }

  private func tags(_ passage: Passage) -> [String] { passage.steps.map(\.chain) }

  private var everywhere: [Chain] {
    Hook.allCases.flatMap { hook in
      [mark("\(hook.rawValue)+", hook, 5), mark("\(hook.rawValue)-", hook, -250)]
    }
  }

  private var frames: [Chain] {
    Hook.allCases.map { mark("frame-\($0.rawValue)", $0, -200) }
  }

  @Test func routedPacketsMeetTheHooksInOrder() {
    var host = Lab.evaluator(everywhere, frames: frames)
    let out = host.send(Lab.tcp(from: Lab.web, to: Lab.lan, port: 1), from: Lab.fromWeb)[0]
    #expect(
      tags(out) == [
        "frame-prerouting", "frame-input", "prerouting-", "prerouting+", "forward-", "forward+",
        "postrouting-", "postrouting+",
      ])
    let up = host.send(Lab.tcp(from: Lab.web, to: Lab.gateway, port: 1), from: Lab.fromWeb)[0]
    #expect(
      tags(up) == [
        "frame-prerouting", "frame-input", "prerouting-", "prerouting+", "input-", "input+",
      ])
    let down = host.send(Lab.tcp(from: Lab.gateway, to: Lab.web, port: 1), from: .host)[0]
    #expect(
      tags(down) == [
        "output-", "output+", "postrouting-", "postrouting+", "frame-output",
        "frame-postrouting",
      ])
    let own = host.send(Lab.tcp(from: Lab.host, to: Lab.host, port: 1), from: .host)[0]
    #expect(own.fate == .delivered)
    #expect(
      tags(own) == [
        "output-", "output+", "postrouting-", "postrouting+", "prerouting-", "prerouting+",
        "input-", "input+",
      ])
  }

  @Test func bridgedFramesMeetTheIPRulesWhereTheyAreHandedOver() {
    let packet = Lab.tcp(from: Lab.web, to: Lab.db, port: 1)
    var plain = Lab.evaluator(everywhere, frames: frames)
    let passage = plain.send(packet, from: Lab.fromWeb)[0]
    #expect(passage.left(by: Lab.bridge, Lab.dbPort))
    #expect(tags(passage) == ["frame-prerouting", "frame-forward", "frame-postrouting"])
    var filtering = Lab.evaluator(everywhere, frames: frames, filtersBridged: true)
    let filtered = filtering.send(packet, from: Lab.fromWeb)[0]
    #expect(
      tags(filtered) == [
        "frame-prerouting", "prerouting-", "prerouting+", "frame-forward", "forward-", "forward+",
        "frame-postrouting", "postrouting-", "postrouting+",
      ])
    var tagged = packet
    tagged.isTagged = true
    #expect(
      tags(filtering.send(tagged, from: Lab.fromWeb)[0]) == [
        "frame-prerouting", "frame-forward", "frame-postrouting",
      ])
    // What the bridge handed over is not seen twice on its way up.
    let up = filtering.send(Lab.tcp(from: Lab.web, to: Lab.lan, port: 1), from: Lab.fromWeb)[0]
    #expect(tags(up).count { $0 == "prerouting+" } == 1)
  }

  @Test func everybodyGetsABroadcast() {
    var host = Lab.evaluator([])
    let passages = host.send(
      .first(.udp, from: Lab.web, to: Sample.address("10.1.0.255"), port: 67), from: Lab.fromWeb)
    #expect(
      passages.map(\.fate) == [.sent(by: Lab.bridge, port: Lab.dbPort), .delivered])
    let claim = Packet(from: Lab.web, to: Lab.web, .arp(senderMAC: nil))
    #expect(
      host.send(claim, from: Lab.fromWeb).map(\.fate) == [
        .sent(by: Lab.bridge, port: Lab.dbPort), .delivered,
      ])
  }

  @Test func theHostItselfRefusesNonsense() {
    var host = Lab.evaluator([])
    func fate(_ source: String, _ destination: String) -> Passage.Fate {
      host.send(
        .first(.udp, from: Sample.address(source), to: Sample.address(destination), port: 9),
        from: Lab.fromLAN)[0].fate
    }
    #expect(fate("127.0.0.1", "192.0.2.1") == .discarded(.impossibleSource))
    #expect(fate("192.0.2.9", "127.0.0.1") == .discarded(.impossibleDestination))
    #expect(fate("192.0.2.1", "192.0.2.1") == .discarded(.impossibleSource))
    #expect(fate("2001:db8::9", "::1") == .discarded(.impossibleDestination))
    #expect(fate("fe80::9", "fd00:1::2") == .discarded(.linkLocal))
    #expect(fate("2001:db8::9", "2001:db8:5::5") == .discarded(.noRoute))
    #expect(fate("192.0.2.9", "10.1.0.2") == .sent(by: Lab.bridge, port: Lab.webPort))
  }

  @Test func aRefusalIsAnswered() {
    let reject = Lab.base(
      "forward", .filter, .forward, 0,
      [
        Lab.acceptReplies,
        Rule([.transport(.tcp)], [.reject(.tcpReset)]), Rule([], [.reject(.prohibited)]),
      ])
    let shut = Lab.base(
      "output", .filter, .output, 0,
      [Rule([.connectionState([.invalid, .new])], [.verdict(.drop)])])
    var host = Lab.evaluator([reject, shut])
    for transport in [TransportProtocol.tcp, .udp] {
      let packet = Packet.first(transport, from: Lab.lan, to: Lab.web, port: 80)
      let exchange = host.exchange(packet, from: Lab.fromLAN)
      #expect(exchange.outcome == .refused)
      #expect(exchange.answer?.packet.destination == Lab.lan)
    }
  }
}
