import PolicyTestSupport

/// A policy of the host in ``SoakNetwork``: some flows are allowed and some denied by each of them,
/// and everything else is as it comes.
///
/// Always allowed are `client` to the published ports UDP 5000 and TCP 8080 of `web`, `web` to `db`
/// by UDP 7000, and `web` to `client` by UDP 7003; always denied are `db` to `web` by UDP 7001,
/// `client` to `web` by UDP 7002, and `web` to `solo` by UDP 7004.
struct SoakPolicy {
  private var settings: [Setting: String] = [:]
  /// Lines by their number, which is also that of their port, so that no two contradict each other.
  private var lines: [Int: Line] = [:]
  private var nextNumber = 1

  /// What a policy has one of, and which there are.
  private enum Setting: CaseIterable, Hashable {
    case masquerade, icc, isolation, antispoof, directAccess, serve, ipv6, spare, network
    case other, toHost, toWorld, log, mss, bulk, place, sysctl

    var choices: [String] {
      switch self {
      case .masquerade:
        ["", " fully-random", " ports 20000-50000", " ipv4", " ipv4 as 10.99.0.1"]
      case .icc: ["icc on", "icc off"]
      case .isolation: ["", "isolation on", "isolation strict"]
      case .antispoof: ["", "antispoof on"]
      case .directAccess: ["", "direct access on", "direct access on from office"]
      case .serve: ["", "serve dhcp, dns", "serve dns, ntp"]
      case .ipv6: ["", ", fd20::/64"]
      case .spare: ["", "container spare 10.20.0.50\npublish tcp 7777 -> spare"]
      case .network:
        ["", "network more { bridge br-more subnet 10.22.0.0/24 masquerade }"]
      case .other: ["internal", "masquerade\npublish udp 9000-9003 -> solo", "icc off\nmasquerade"]
      case .toHost:
        [
          "", "default deny world -> host\nallow world -> host tcp 22", "default deny lab -> host",
        ]
      case .toWorld: ["", "default deny lab -> world"]
      case .log: ["", "log denied limit 5/second", "log denied"]
      case .mss: ["", "mss clamp", "mss clamp 1400"]
      case .bulk:
        ["", "", "publish udp 30000-31199 -> web", "publish udp 30000-31205 -> web"]
      case .place: ["", "\n# Moved down.\n\n"]
      case .sysctl: ["", "sysctl check"]
      }
    }
  }

  private enum Place: CaseIterable { case lab, top }

  private struct Line {
    let place: Place
    let text: String
  }

  init(using random: inout SeededGenerator) {
    for setting in Setting.allCases { settings[setting] = random.pick(setting.choices) }
    for _ in 0..<6 { addLine(using: &random) }
  }

  /// Changes one to four things.
  mutating func change(using random: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<4:
        let setting = random.pick(Setting.allCases)
        settings[setting] = random.pick(setting.choices)
      case 4..<7 where lines.count < 40: addLine(using: &random)
      default:
        guard let number = lines.keys.sorted().randomElement(using: &random) else { continue }
        if random.isOne(in: 2) {
          lines[number] = Self.line(number, using: &random)
        } else {
          lines[number] = nil
        }
      }
    }
  }

  private mutating func addLine(using random: inout SeededGenerator) {
    lines[nextNumber] = Self.line(nextNumber, using: &random)
    nextNumber = nextNumber % 3000 + 1
  }

  private static func line(_ number: Int, using random: inout SeededGenerator) -> Line {
    let port = 10_000 + number
    let clause = random.pick([
      "", "", " from office", " limit 10/minute burst 5 per source", " connections 20 per source",
      " log \"soak \(number): \"", " via up0",
    ])
    let target = random.pick(["web:80", "db:5432"])
    let lab = [
      "publish tcp \(port) -> \(target)\(clause)",
      "publish tcp/udp \(port) -> db\(clause)",
      "publish tcp 10.99.0.1:\(port) -> \(target)\(clause)",
      "publish tcp 127.0.0.1:\(port) -> \(target)",
    ]
    let top = [
      "deny db -> world tcp \(port)", "allow web -> solo tcp \(port)",
      "allow office -> host udp \(port) limit 5/second per source",
      "deny world -> host tcp \(port) log", "reject lab -> other tcp \(port)",
      "allow db -> web tcp \(port), udp \(port)",
      "deny office -> web udp \(port) from 10.99.0.0/24",
    ]
    return random.isOne(in: 2)
      ? Line(place: .lab, text: random.pick(lab)) : Line(place: .top, text: random.pick(top))
  }

  /// The policy as its author would write it.
  var text: String {
    """
    uplink up0
    list office { 10.99.0.0/28, 203.0.113.0/24 }
    \(self[.place])
    network lab {
        bridge br-lab
        subnet 10.20.0.0/24\(self[.ipv6])
        masquerade\(masquerade)
        container web 10.20.0.10\(self[.ipv6].isEmpty ? "" : ", fd20::10")
        container db 10.20.0.11
        publish udp 5000 -> web
        publish tcp 8080 -> web:80
        allow web -> db udp 7000
        \(block([.icc, .isolation, .antispoof, .directAccess, .serve, .spare, .bulk]))
        \(block(.lab))
    }
    network other {
        bridge br-other
        subnet 10.21.0.0/24
        container solo 10.21.0.10
        \(self[.other])
    }
    allow web -> world udp 7003
    deny db -> web udp 7001
    deny world -> web udp 7002
    deny web -> solo udp 7004
    \(block([.network, .toHost, .toWorld, .log, .mss, .sysctl]))
    \(block(.top))

    """
  }

  /// A family that is not masqueraded has no publishes to another port.
  private var masquerade: String { self[.ipv6].isEmpty ? self[.masquerade] : "" }

  private subscript(setting: Setting) -> String { settings[setting, default: ""] }

  private func block(_ settings: [Setting]) -> String {
    settings.map { self[$0] }.joined(separator: "\n")
  }

  private func block(_ place: Place) -> String {
    lines.sorted { $0.key < $1.key }.filter { $0.value.place == place }.map(\.value.text)
      .joined(separator: "\n")
  }
}
