import Diagnostics
import PolicyTestSupport
import Syntax
import Testing

/// What the nodes hold.
struct TreeTests {
  @Test func publishHoldsItsParts() throws {
    let text = "publish tcp/udp [fd00::1]:80, 90-99, auto -> lan.web:8080 from a, any via eth0"
    let node = try #require(publish(text))
    #expect(node.transport.keyword == .tcp)
    #expect(node.secondTransport?.keyword == .udp)
    #expect(node.hostAddress?.form == .ipv6Address)
    #expect(node.hostAddress?.text == "fd00::1")
    #expect(node.hostPorts.map(\.text) == ["80", "90-99", "auto"])
    #expect(node.hostPorts.map(\.isAutomatic) == [false, false, true])
    #expect(node.target.text == "lan.web")
    #expect(node.targetPort?.text == "8080")
    #expect(node.clauses.count == 2)
    #expect(slice(text, node.target.span) == "lan.web")
    #expect(slice(text, node.span) == text)
  }

  @Test func flowHoldsItsParts() throws {
    let text =
      "deny web, 10.0.0.0/8 -> world tcp 80, 443, icmp echo-request, dns except host log \"x\""
    let (tree, _) = parsed(text)
    guard case .access(let node) = tree.declarations[0] else {
      Issue.record("no access statement")
      return
    }
    #expect(node.verb == .deny)
    #expect(node.flow.sources.map { slice(text, $0.span) } == ["web", "10.0.0.0/8"])
    let match = try #require(node.flow.match)
    #expect(match.items.map(describe) == ["tcp", ":80", ":443", "icmp", "echo-request", "dns"])
    #expect(slice(text, match.span) == "tcp 80, 443, icmp echo-request, dns")
    #expect(node.flow.clauses.map { slice(text, $0.span) } == ["except host", "log \"x\""])
  }

  @Test func quotedNamesLoseTheirQuotesAndEscapes() throws {
    let node = try #require(publish(#"publish tcp 80 -> "a.\"b\\":81"#))
    #expect(node.target.text == #"a."b\"#)
    #expect(node.target.isQuoted)
    #expect(node.targetPort?.text == "81")
  }

  @Test func logDeniedIsAStatementAfterAClause() {
    let (tree, findings) = parsed("allow a -> b log\nlog denied limit 1/second\nallow a -> c")
    #expect(findings == [])
    #expect(tree.declarations.count == 3)
    guard case .logDenied(let limit?, _) = tree.declarations[1] else {
      Issue.record("no `log denied`")
      return
    }
    #expect(limit.unit.text == "second")
  }

  @Test func masqueradeTakesItsOptionsInAnyOrder() {
    for options in ["ipv6 as ::1 ports 1-2 random via e", "via e random ports 1-2 as ::1 ipv6"] {
      let (tree, findings) = parsed("network n { masquerade \(options) }")
      #expect(findings == [])
      guard case .network(let network) = tree.declarations[0],
        case .masquerade(let node) = network.statements[0]
      else {
        Issue.record("no masquerade")
        return
      }
      #expect(node.family == .ipv6)
      #expect(node.address?.text == "::1")
      #expect(node.ports?.text == "1-2")
      #expect(node.randomness == .random)
      #expect(node.via?.text == "e")
    }
  }

  @Test func aRepeatedOptionIsReported() {
    let (_, findings) = parsed("network n { masquerade via a via b }")
    #expect(findings.map(\.id) == [.settingDuplicate])
    #expect(findings.first?.span == SourceSpan(file: 0, start: 29, end: 32))
  }

  private func publish(_ text: String) -> PublishStatement? {
    let (tree, findings) = parsed(text)
    #expect(findings == [])
    guard case .publish(let node) = tree.declarations.first else { return nil }
    return node
  }

  private func slice(_ text: String, _ span: SourceSpan) -> String { source(text).text(span) }

  private func describe(_ item: MatchSyntax.Item) -> String {
    switch item {
    case .transport(let name), .name(let name): name.text
    case .transportNumber(let number): "protocol \(number.value)"
    case .port(let port): ":\(port.text)"
    }
  }
}
