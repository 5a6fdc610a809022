/// Makes policies that the grammar allows, as lists of tokens and as text with any white space and
/// comments between them. They need not make sense.
package struct PolicyGenerator {
  package var random: SeededGenerator

  package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// The text of a random policy.
  package mutating func policy() -> String { layout(tokens()) }

  /// The tokens of a random policy of a few statements.
  package mutating func tokens() -> [String] {
    (0..<Int.random(in: 1...8, using: &random)).flatMap { _ in declaration(depth: 0) }
  }

  /// The tokens as text, with random trivia between them wherever the language allows any.
  package mutating func layout(_ tokens: [String]) -> String {
    let tight: Set = ["{", "}", ",", "=", "[", "]", "->", ":", "/"]
    var text = random.isOne(in: 8) ? trivia() : ""
    for (index, token) in tokens.enumerated() {
      text += token
      guard index + 1 < tokens.count else { break }
      let canTouch = tight.contains(token) || tight.contains(tokens[index + 1])
      text += canTouch && random.isOne(in: 3) ? "" : trivia()
    }
    return text + (random.isOne(in: 2) ? "\n" : random.isOne(in: 2) ? " # the end" : "")
  }

  private mutating func trivia() -> String {
    random.pick([
      " ", " ", " ", "  ", "\t", "\n", "\n\n", "\n\n\n\n", "\n    ", "\r\n", " # note\n", "#\n",
      " # a, \"b\" { -> é\n\n  ", "   \n # own line\n # and another\n\t",
    ])
  }
}

/// The statements.
extension PolicyGenerator {
  private mutating func declaration(depth: Int) -> [String] {
    switch Int.random(in: 0..<15, using: &random) {
    case 0: ["language", number()]
    case 1: ["include", "\"conf.d/*.ward\""]
    case 2: ["uplink"] + joined { $0.name() }
    case 3: ["list"] + name() + ["{"] + listEntries() + ["}"]
    case 4: ["service"] + name() + ["="] + match()
    case 5, 6: network()
    case 7: [random.pick(["allow", "deny", "reject"])] + flow()
    case 8: ["default", random.pick(["allow", "deny", "reject"])] + flow()
    case 9: ["expect", random.pick(["allow", "deny"])] + flow()
    case 10: publish()
    case 11: onBlock(depth: depth)
    case 12: ["log", "denied"] + maybe { $0.limit() }
    case 13: ["sysctl", random.pick(["manage", "check"])]
    default: ["mss", "clamp"] + maybe { $0.random.isOne(in: 2) ? ["pmtu"] : [$0.number()] }
    }
  }

  private mutating func onBlock(depth: Int) -> [String] {
    let count = depth < 3 ? Int.random(in: 0...2, using: &random) : 0
    let body = (0..<count).flatMap { _ in declaration(depth: depth + 1) }
    return ["on"] + joined { $0.name() } + ["{"] + body + ["}"]
  }

  private mutating func listEntries() -> [String] {
    guard !random.isOne(in: 5) else { return [] }
    let entries = joined { $0.random.isOne(in: 3) ? $0.name() : [$0.address()] }
    return entries + (random.isOne(in: 4) ? [","] : [])
  }

  private mutating func network() -> [String] {
    let body = (0..<Int.random(in: 0...6, using: &random)).flatMap { _ in statement() }
    return ["network"] + name() + ["{"] + body + ["}"]
  }

  private mutating func statement() -> [String] {
    switch Int.random(in: 0..<17, using: &random) {
    case 0: ["bridge"] + name() + maybe { ["ports"] + $0.joined { $0.name() } }
    case 1: [random.pick(["macvlan", "ipvlan"])] + name() + maybe { ["mode"] + $0.mode() }
    case 2: [random.pick(["openvswitch", "interface"])] + name()
    case 3: [random.pick(["subnet", "gateway", "pool"])] + joined { [$0.address()] }
    case 4: masquerade()
    case 5: ["snat"] + name() + ["as", address()]
    case 6: [random.pick(["icc", "antispoof"]), random.pick(["on", "off"])]
    case 7: ["isolation", random.pick(["on", "strict", "off"])]
    case 8: ["internal"]
    case 9: ["direct", "access", random.pick(["on", "off"])] + maybe { ["from"] + $0.peers() }
    case 10: ["serve"] + joined { $0.name() }
    case 11, 12, 13: guest()
    case 14, 15: publish()
    default: [random.pick(["allow", "deny", "reject"])] + flow()
    }
  }

  private mutating func mode() -> [String] { random.isOne(in: 2) ? ["bridge"] : name() }

  private mutating func guest() -> [String] {
    [random.pick(["container", "vm"])] + name() + joined { [$0.address()] }
      + maybe { _ in ["mac", "02:42:aC:11:00:02"] }
  }

  private mutating func masquerade() -> [String] {
    ["masquerade"] + maybe { [$0.random.pick(["ipv4", "ipv6"])] } + maybe { ["as", $0.address()] }
      + maybe { ["ports", $0.port()] } + maybe { [$0.random.pick(["random", "fully-random"])] }
      + maybe { ["via"] + $0.name() }
  }

  private mutating func publish() -> [String] {
    let hostPorts = joined { [$0.random.isOne(in: 4) ? "auto" : $0.port()] }
    return ["publish", transport()] + maybe { ["/", $0.transport()] } + hostAddress() + hostPorts
      + ["->"] + name() + maybe { [":", $0.port()] } + clauses()
  }

  private mutating func hostAddress() -> [String] {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: ["192.0.2.7", ":"]
    case 1: ["[", random.pick(["::", "2001:db8::7"]), "]", ":"]
    default: []
    }
  }
}

/// What statements are made of.
extension PolicyGenerator {
  private mutating func flow() -> [String] {
    peers() + ["->"] + peers() + maybe { $0.match() } + clauses()
  }

  private mutating func peers() -> [String] {
    joined { generator in
      switch Int.random(in: 0..<4, using: &generator.random) {
      case 0: [generator.address()]
      case 1: [generator.random.pick(["host", "world", "any"])]
      default: generator.name()
      }
    }
  }

  private mutating func match() -> [String] {
    matchItem()
      + (0..<Int.random(in: 0...2, using: &random)).flatMap { _ in
        [","] + (random.isOne(in: 2) ? [port()] : matchItem())
      }
  }

  private mutating func matchItem() -> [String] {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: ["protocol", number()]
    case 1: [random.pick(["icmp", "icmpv6"])] + maybe { $0.name() }
    case 2: name()
    default: [transport()] + maybe { [$0.port()] }
    }
  }

  private mutating func clauses() -> [String] {
    (0..<Int.random(in: 0...2, using: &random)).flatMap { _ in clause() }
  }

  private mutating func clause() -> [String] {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: ["from"] + peers()
    case 1: ["except"] + peers()
    case 2: ["via"] + name()
    case 3: limit()
    case 4: ["connections", number()] + maybe { _ in ["per", "source"] }
    default: ["log"] + maybe { _ in ["\"a \\\"b\\\\ é\""] }
    }
  }

  private mutating func limit() -> [String] {
    ["limit", number(), "/", random.pick(["second", "minute", "hour"])]
      + maybe { ["burst", $0.number()] } + maybe { _ in ["per", "source"] }
  }

  private mutating func name() -> [String] {
    [
      random.pick([
        "web", "db-1", "lan.web", "eth0.100", "br_0", "\"log\"", "\"a.b\"", "1st", "_x",
      ])
    ]
  }

  private mutating func transport() -> String {
    random.pick(["tcp", "udp", "sctp", "esp", "icmp", "vrrp"])
  }

  private mutating func number() -> String { String(Int.random(in: 0...70_000, using: &random)) }

  private mutating func port() -> String {
    random.isOne(in: 3) ? "\(number())-\(number())" : number()
  }

  private mutating func address() -> String {
    random.pick([
      "10.0.0.1", "10.0.0.0/8", "10.0.0.1-10.0.0.9", "0.0.0.0/0", "fd00::1", "fd00::/8",
      "fd00::1-fd00::ff", "::", "::/0", "2001:db8:1:2:3:4:5:6", "10.0.0.0/255.0.0.0",
    ])
  }

  private mutating func maybe(_ part: (inout PolicyGenerator) -> [String]) -> [String] {
    random.isOne(in: 2) ? part(&self) : []
  }

  private mutating func joined(_ item: (inout PolicyGenerator) -> [String]) -> [String] {
    var items = item(&self)
    for _ in 0..<Int.random(in: 0...2, using: &random) { items += [","] + item(&self) }
    return items
  }
}
