import Netfilter
import NetworkTypes

/// Reads `nft -j list table`.
struct NftTableReader {
  private let tool: ForeignTable.Tool
  private let name: String
  private let families: [AddressFamily]
  /// What nft shows of each rule, by its handle.
  private let texts: [Int: String]
  private var sets: [String: [JSONTree]] = [:]

  /// - Parameter texts: See ``ruleTexts(_:)``.
  init(_ tool: ForeignTable.Tool, family: String, table: String, texts: [Int: String]) {
    self.tool = tool
    name = "\(family) \(table)"
    families =
      switch family {
      case "ip": [.ipv4]
      case "ip6": [.ipv6]
      case "inet": AddressFamily.allCases
      default: []
      }
    self.texts = texts
  }

  mutating func table(_ listing: JSONTree) -> ForeignTable {
    let objects = listing["nftables"]?.array ?? []
    for object in objects {
      guard let (_, value) = object.member, let name = value["name"]?.text else { continue }
      if object["set"] != nil || object["map"] != nil {
        sets[name] = value["elem"]?.array ?? []
      }
    }
    var chains: [ForeignChain] = []
    var indices: [String: Int] = [:]
    for object in objects {
      if let chain = object["chain"], let name = chain["name"]?.text {
        indices[name] = chains.count
        chains.append(ForeignChain(name: name, base: base(chain)))
      } else if let rule = object["rule"], let chain = rule["chain"]?.text,
        let index = indices[chain]
      {
        chains[index].rules += rules(rule)
      }
    }
    return ForeignTable(tool: tool, name: name, families: families, chains: chains)
  }

  private func base(_ chain: JSONTree) -> ForeignChain.Base? {
    guard let hook = chain["hook"]?.text.flatMap(Hook.init(rawValue:)) else { return nil }
    return ForeignChain.Base(
      hook: hook, priority: chain["prio"]?.number ?? 0, drops: chain["policy"]?.text == "drop",
      purpose: chain["type"]?.text == "nat" ? .nat : .filter)
  }

  /// One rule, or one for each element of the map that it looks into.
  private func rules(_ rule: JSONTree) -> [ForeignRule] {
    let text = rule["handle"]?.number.flatMap { texts[$0] } ?? "a rule that nft does not show"
    let conditions = NftConditions(sets: sets)
    var asked: [ForeignCondition] = []
    for statement in rule["expr"]?.array ?? [] {
      guard let (key, value) = statement.member else {
        asked.append(.unknown(text))
        continue
      }
      switch key {
      case "match": asked += conditions.conditions(value)
      case "vmap":
        return elements(value, conditions).map { extra, effect in
          ForeignRule(text: text, conditions: asked + extra, effect: effect)
        }
      case "xt", "limit", "ct count", "quota": asked.append(.unknown(key))
      default:
        guard let effect = Self.effect(key, value) else { continue }
        return [ForeignRule(text: text, conditions: asked, effect: effect)]
      }
    }
    // What an xt statement does, only iptables knows.
    let isOpaque = asked.contains(.unknown("xt"))
    return [
      ForeignRule(text: text, conditions: asked, effect: isOpaque ? .unknown("xt") : .none)
    ]
  }

  private func elements(
    _ map: JSONTree, _ conditions: NftConditions
  ) -> [([ForeignCondition], ForeignEffect)] {
    let data = map["data"]
    let pairs: [JSONTree]
    if let name = data?.text, name.hasPrefix("@") {
      pairs = sets[String(name.dropFirst())] ?? []
    } else {
      pairs = data?["set"]?.array ?? []
    }
    return pairs.map { pair in
      guard let ends = pair.array, ends.count == 2, let left = map["key"],
        let (key, value) = ends[1].member, let effect = Self.effect(key, value)
      else { return ([.unknown("vmap")], .unknown("vmap")) }
      return (conditions.conditions(left, [ends[0]], negated: false), effect)
    }
  }

  /// `nil` for what does not decide.
  private static func effect(_ key: String, _ value: JSONTree) -> ForeignEffect? {
    switch key {
    case "accept": .accept
    case "drop": .drop(rejects: false)
    case "reject": .drop(rejects: true)
    case "return": .return
    case "jump": .jump(value["target"]?.text ?? "")
    case "goto": .goto(value["target"]?.text ?? "")
    case "dnat": .redirect(newDestination(value))
    case "redirect": .redirect(nil)
    case "masquerade": .rewrite(.masquerade)
    case "snat":
      .rewrite(.address(value["addr"]?.text.flatMap(IPAddress.init).map { AddressRange($0) }))
    case "queue", "tproxy", "fwd", "dup", "synproxy": .unknown(key)
    default: nil
    }
  }
}

extension NftTableReader {
  /// `nil` for what is not one address and at most one port, or has flags.
  private static func newDestination(_ value: JSONTree) -> NewDestination? {
    guard value["flags"] == nil, let address = value["addr"]?.text.flatMap(IPAddress.init) else {
      return nil
    }
    guard let port = value["port"] else { return NewDestination(address: address, port: nil) }
    return port.number.flatMap { UInt16(exactly: $0) }.map {
      NewDestination(address: address, port: $0)
    }
  }
}

/// What nft shows of each rule, by its handle: from the output of `nft -a list table`.
func ruleTexts(_ listing: [UInt8]) -> [Int: String] {
  var result: [Int: String] = [:]
  for line in listing.split(separator: UInt8(ascii: "\n")) {
    let text = String(decoding: line, as: UTF8.self)
    guard let mark = text.lastIndex(of: "#"), text[mark...].hasPrefix("# handle "),
      let handle = Int(text[mark...].dropFirst("# handle ".count))
    else { continue }
    var rule = text[..<mark].drop { $0 == "\t" || $0 == " " }
    while rule.last == " " { rule.removeLast() }
    result[handle] = String(rule)
  }
  return result
}
