/// Writes policies that make sense, or nearly: networks with members, published ports, settings and
/// lines about flows between all of them. What the compiler refuses is for the caller to take away.
///
/// The host that they are for has the uplink `eth0` and there 192.0.2.1 and 2001:db8:f::1, and owns
/// ``ownAddresses`` beside these; 192.0.2.2, 192.0.2.3 and their IPv6 kin are machines in its LAN.
package struct PolicyAuthor {
  package var random: SeededGenerator
  /// Whether lines may count packets or connections.
  private let counts: Bool
  /// Whether networks may be links without a bridge.
  private let hasLinks: Bool
  private var networks: [Network] = []
  private var nextPort = 8000

  /// Further addresses of the host.
  package static let ownAddresses = ["192.0.2.50", "192.0.2.51", "2001:db8:f::50"]

  /// A network before its lines are written.
  private struct Network {
    let name: String
    /// The second octet of its addresses, the second group of its IPv6 ones.
    let number: Int
    let hasIPv4: Bool
    let hasIPv6: Bool
    let isBridge: Bool
    let isInternal: Bool
    var guests: [String] = []

    func addresses(_ host: Int) -> [String] {
      (hasIPv4 ? ["10.\(number).0.\(host)"] : [])
        + (hasIPv6 ? ["fd00:\(number)::\(String(host, radix: 16))"] : [])
    }

    var subnets: [String] {
      (hasIPv4 ? ["10.\(number).0.0/24"] : []) + (hasIPv6 ? ["fd00:\(number)::/64"] : [])
    }
  }

  package init(seed: UInt64, counts: Bool, hasLinks: Bool) {
    random = SeededGenerator(seed: seed)
    self.counts = counts
    self.hasLinks = hasLinks
  }

  /// A policy of one to four networks and some lines about them.
  package mutating func policy() -> BlockPolicy {
    networks = (0..<random.pick([1, 2, 2, 3, 3, 4])).map { network($0) }
    let blocks = networks.map { BlockPolicy.Block("network \($0.name)", lines(of: $0)) }
    var top = ["language 1", "uplink eth0"]
    top.append("list office { 192.0.2.2, 198.51.100.0/25, 2001:db8:f::2, 2001:db8:99::/64 }")
    top.append("list span { 192.0.2.3-192.0.2.9, 10.11.0.11-10.12.0.11 }")
    top.append("service web = tcp 80, 443, udp 443")
    top.append("service ways = tcp 8000-8010, icmp, icmpv6 echo-request, protocol 47")
    if random.isOne(in: 4) { top.append("log denied" + (counts ? " limit 5/minute" : "")) }
    if random.isOne(in: 6) { top.append("mss clamp") }
    top += (0..<Int.random(in: 0...7, using: &random)).map { _ in
      "\(random.pick(["allow", "allow", "allow", "deny", "reject"])) \(flow())"
    }
    if random.isOne(in: 3) {
      top.append("default \(random.pick(["deny", "reject", "allow"])) \(pair())")
    }
    return BlockPolicy([BlockPolicy.Block(nil, top)] + blocks)
  }
}

/// Networks.
extension PolicyAuthor {
  private mutating func network(_ index: Int) -> Network {
    let families = random.pick([(true, false), (true, true), (true, true), (false, true)])
    let isBridge = !random.isOne(in: 7) || !hasLinks
    var result = Network(
      name: "n\(index)", number: 11 + index, hasIPv4: families.0, hasIPv6: families.1,
      isBridge: isBridge, isInternal: random.isOne(in: 5))
    let letter = ["a", "b", "c", "d"][index]
    result.guests = (0..<(isBridge ? Int.random(in: 1...3, using: &random) : 1)).map {
      "\(letter)\($0)"
    }
    return result
  }

  private mutating func lines(of network: Network) -> [String] {
    var lines = [network.isBridge ? "bridge br-\(network.name)" : "interface tap-\(network.name)"]
    if network.isBridge { lines.append("subnet \(network.subnets.joined(separator: ", "))") }
    if network.isInternal { lines.append("internal") } else { lines += translation(network) }
    lines += settings
    for (index, guest) in network.guests.enumerated() {
      let mac = random.isOne(in: 5) ? " mac 02:42:0a:\(network.number):00:1\(index)" : ""
      let addresses = network.addresses(11 + index).joined(separator: ", ")
      lines.append("\(random.pick(["container", "vm"])) \(guest) \(addresses)\(mac)")
    }
    if !network.isInternal {
      lines += (0..<Int.random(in: 0...4, using: &random)).map { _ in publish(network) }
    }
    let peers = network.guests + [network.name]
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      lines.append(
        "\(random.pick(["allow", "deny", "reject"])) \(random.pick(peers)) -> "
          + "\(random.pick(peers)) \(match())")
    }
    return lines
  }

  private mutating func translation(_ network: Network) -> [String] {
    var lines: [String] = []
    let suffix = random.isOne(in: 4) ? random.pick([" ports 20000-30000", " fully-random"]) : ""
    switch Int.random(in: 0..<8, using: &random) {
    case 0: break
    case 1: lines.append("masquerade ipv4")
    case 2: lines.append("masquerade ipv6")
    case 3: lines.append("masquerade as \(random.pick(["192.0.2.50", "2001:db8:f::50"]))")
    default: lines.append("masquerade\(suffix)")
    }
    if random.isOne(in: 5) { lines.append("snat \(random.pick(network.guests)) as 192.0.2.51") }
    return lines
  }

  private var settings: [String] {
    mutating get {
      var lines: [String] = []
      if random.isOne(in: 3) { lines.append("icc off") }
      if random.isOne(in: 2) { lines.append("isolation \(random.pick(["strict", "off", "on"]))") }
      if random.isOne(in: 5) { lines.append("antispoof \(random.pick(["on", "off"]))") }
      if random.isOne(in: 5) {
        lines.append(
          "direct access on" + (random.isOne(in: 2) ? " from \(random.pick(outsiders))" : ""))
      }
      if random.isOne(in: 4) {
        lines.append("serve \(random.pick(["dns", "dhcp, dns", "ntp", "web", "dns, tftp, ra"]))")
      }
      return lines
    }
  }

  private mutating func publish(_ network: Network) -> String {
    let target = random.pick(network.guests)
    var host = random.pick(["", "", "", "", "192.0.2.1:", "192.0.2.50:", "127.0.0.1:"])
    if network.hasIPv6, random.isOne(in: 5) {
      host = random.pick(["[::]:", "[2001:db8:f::1]:", "[2001:db8:f::50]:"])
    }
    let transport = random.pick(["tcp", "tcp", "udp", "tcp/udp", "sctp"])
    nextPort += 10
    let ports: (outside: String, inside: String) =
      switch Int.random(in: 0..<8, using: &random) {
      case 0: ("\(nextPort)-\(nextPort + 4)", "")
      case 1: ("\(nextPort)-\(nextPort + 4)", ":\(nextPort + 100)-\(nextPort + 104)")
      case 2: ("\(nextPort), \(nextPort + 2)", "")
      case 3: ("auto", ":80")
      case 4: ("\(nextPort)", ":80")
      case 5: (random.pick(["80", "443", "53"]), "")
      case 6: (random.pick(["80", "443", "53"]), ":8080")
      default: ("\(nextPort)", "")
      }
    return
      "publish \(transport) \(host)\(ports.outside) -> \(target)\(ports.inside)\(publishClauses())"
  }

  private mutating func publishClauses() -> String {
    var text = ""
    if random.isOne(in: 3) { text += " from \(random.pick(outsiders + networks.map(\.name)))" }
    if !text.isEmpty, random.isOne(in: 3) { text += " except \(random.pick(outsiders))" }
    if random.isOne(in: 8) { text += " via eth0" }
    return text + counting()
  }
}

/// Flows.
extension PolicyAuthor {
  /// Peers beyond the uplink.
  private var outsiders: [String] {
    ["office", "span", "192.0.2.2", "192.0.2.0/31", "192.0.2.3", "2001:db8:f::3", "any", "host"]
  }

  private mutating func flow() -> String {
    var text = "\(pair())\(random.isOne(in: 5) ? "" : " \(match())")"
    if random.isOne(in: 5) { text += " except \(peer())" }
    if random.isOne(in: 9) { text += " from \(peer())" }
    if random.isOne(in: 12) { text += " via eth0" }
    if random.isOne(in: 10) { text += " log" }
    return text + counting()
  }

  private mutating func pair() -> String {
    "\(peer())\(random.isOne(in: 5) ? ", \(peer())" : "") -> \(peer())"
  }

  private mutating func peer() -> String {
    let network = random.pick(networks)
    switch Int.random(in: 0..<12, using: &random) {
    case 0, 1, 2: return network.name
    case 3, 4, 5: return random.pick(network.guests)
    case 6: return "host"
    case 7: return "world"
    case 8: return "any"
    case 9: return random.pick(["office", "span"])
    case 10: return random.pick(network.addresses(11) + network.addresses(1) + network.subnets)
    default:
      return random.pick([
        "192.0.2.2", "192.0.2.0/30", "198.51.100.7", "10.11.0.8/29", "10.0.0.0/8",
        "10.12.0.11-10.12.0.12", "fd00:11::/124", "2001:db8:f::2", "2001:db8:f::/64",
      ])
    }
  }

  private mutating func match() -> String {
    // More ports than one rule of iptables takes.
    if random.isOne(in: 12) {
      let first = Int.random(in: 1...9000, using: &random)
      let count = Int.random(in: 14...24, using: &random)
      let ports = (0..<count).map { "\(first + 2 * $0)" }
      return "\(random.pick(["tcp", "udp", "sctp"])) \(ports.joined(separator: ", "))"
    }
    return random.pick([
      "tcp 80", "tcp 443", "tcp 8080", "udp 53", "tcp 8000-8030", "tcp 80, 443, udp 443", "web",
      "ways", "icmp", "icmp echo-request", "icmpv6", "icmpv6 echo-request", "protocol 47", "sctp",
      "tcp", "udp", "tcp 1-1024", "udp 1024-65535", "tcp 22, icmp, icmpv6", "esp",
    ])
  }

  private mutating func counting() -> String {
    guard counts, random.isOne(in: 12) else { return "" }
    let subject = random.isOne(in: 2) ? " per source" : ""
    if random.isOne(in: 2) { return " connections 1\(subject)" }
    let count = random.pick([1, 2, 2, 7, 10, 24, 60, 90, 9999])
    let unit = random.pick(["second", "minute", "minute", "hour", "day"])
    let burst = random.pick([1, 2, 2, count])
    return " limit \(count)/\(unit) burst \(burst)\(subject)"
  }
}
