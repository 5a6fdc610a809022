import Diagnostics
import PolicyTestSupport
import Syntax
import Testing

/// A plain line, which is read in one go, means what its tokens mean one by one.
///
/// A line feed behind the word `publish` makes any line one that is read as tokens, and moves nothing.
struct PlainPublishTests {
  private static let transports = [
    "tcp", "udp", "sctp", "tcp/udp", "tcp /udp", "tcpp", "tc", "TCP", "icmp", "",
  ]
  private static let ports = [
    "80", "0", "080", "65535", "65536", "99999", "100000", "8000-8010", "auto", "80,81", "80 , 81",
    "10.0.0.1:80", "[fd00::1]:80", "80x", "x", "80.1", "",
  ]
  private static let arrows = [
    " -> ", "->", " ->", "-> ", "\t->\t", "  ->  ", " - > ", " >", " \n-> ",
  ]
  private static let names = [
    "web", "a", "web-1", "web-", "-web", "web->", "w_1", "1", "1a", "1-2", "front.web", "\"web\"",
    "tcp", "ports", "icc", "ipv4", "i1", "abcdefgh", "abcdefghijklmno", "abcdefghijklmnop",
    "fully-random", "wéb", "web\u{0}", "",
  ]
  private static let targetPorts = [
    "", ":80", ":0", ":080", ":70000", ":123456", ":80-90", " :80", ": 80", ":80:90", ":web", ":",
    ":80x", ":80.1", ":\n80", "\n:80",
  ]
  private static let ends = [
    "\n", " \n", "\t\n", "\r\n", " # why\n", "#why\n", " from 10.0.0.1\n", "\n  from 10.0.0.1\n",
    " limit 5/second\n", "\n  log \"x\"\n", " log denied\n", "\n}\nlog denied\n", "}\n", ",\n",
    " publish", "\npublish", "\n\n\n", "\n\t", "",
  ]

  /// Every two departures from a plain line, and what comes of them.
  @Test func isReadAsItsTokensAre() {
    let parts = [
      Self.transports, Self.ports, Self.arrows, Self.names, Self.targetPorts, Self.ends,
    ]
    var plain = 0
    for first in parts.indices {
      for second in parts.indices where second > first {
        for one in parts[first] {
          for other in parts[second] {
            var words = ["tcp", "8080", " -> ", "web", ":80", "\n"]
            words[first] = one
            words[second] = other
            plain += expectSame("\(words[0]) \(words[1...].joined())") ? 1 : 0
          }
        }
      }
    }
    #expect(plain > 1000, "most lines have a mistake")
  }

  /// Whether the line has no mistakes; records an issue where it is read differently as tokens.
  private func expectSame(_ rest: String) -> Bool {
    let next = "  publish udp 53 -> dns:5353\n  publish tcp 81 -> web\n}\n"
    let (tree, findings) = read("network front {\n  publish \(rest)\(next)")
    let (other, others) = read("network front {\n  publish\n\(rest)\(next)")
    #expect(findings.isEmpty == others.isEmpty, "publish \(rest)")
    if findings.isEmpty { #expect(tree == other, "publish \(rest)") }
    return findings.isEmpty
  }

  private func read(_ text: String) -> (tree: [Declaration], findings: [Diagnostic]) {
    var log = DiagnosticLog()
    let tree = parse(source(text), log: &log)
    return (tree.declarations, log.sorted)
  }

  /// Parts, places and indentation of plain lines among others.
  @Test func namesTheirParts() throws {
    let text = "network a {\n publish tcp 1024 -> web\n\tpublish udp 5 -> a-1:65535  \n icc on\n}\n"
    let (tree, findings) = read(text)
    #expect(findings.isEmpty)
    guard case .network(let network)? = tree.first, network.statements.count == 3,
      case .publish(let first) = network.statements[0],
      case .publish(let second) = network.statements[1]
    else {
      Issue.record("the network has two publishes and a setting")
      return
    }
    let words = [first, second].map { node in
      [
        node.transport.span, node.hostPort.span, node.target.span, node.targetPort?.span,
        node.span,
      ].map {
        $0.map { String(decoding: Array(text.utf8)[Int($0.start)..<Int($0.end)], as: UTF8.self) }
      }
    }
    #expect(words[0] == ["tcp", "1024", "web", nil, "publish tcp 1024 -> web"])
    #expect(words[1] == ["udp", "5", "a-1", "65535", "publish udp 5 -> a-1:65535"])
    #expect(first.target.text == "web" && second.target.text == "a-1")
    #expect(first.hostPort.lower == 1024 && second.targetPort?.upper == 65535)
  }

  /// Names are kept whole, whatever their length.
  @Test(arguments: 1...40)
  func keepsNamesOf(length: Int) {
    let name = String(String(repeating: "abcdefg1-_", count: 4).prefix(length))
    for written in [name, "\"\(name)\""] {
      let (tree, _) = read(
        "publish tcp 80 -> \(written):1\npublish tcp 81 -> \(written) from any\n")
      let names = tree.map { declaration -> String? in
        guard case .publish(let node) = declaration else { return nil }
        return node.target.text
      }
      #expect(names == [name, name])
    }
  }
}
