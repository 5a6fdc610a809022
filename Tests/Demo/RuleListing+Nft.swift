import Foundation

extension RuleListing {
  /// Reads `nft -j list ruleset` (libnftables-json(5)).
  init(nft texts: [String]) throws {
    self.init()
    for text in texts {
      let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      for object in document?["nftables"] as? [[String: Any]] ?? [] {
        if let rule = object["rule"] as? [String: Any] { add(rule: rule) }
        if let map = object["map"] as? [String: Any] { add(map: map) }
      }
    }
  }

  private mutating func add(rule: [String: Any]) {
    let expressions = rule["expr"] as? [[String: Any]] ?? []
    let counter = expressions.compactMap { $0["counter"] as? [String: Any] }.first
    guard let packets = counter?["packets"] as? Int, let comment = rule["comment"] as? String
    else { return }
    let words = Set(expressions.flatMap(\.keys))
    let effect: Effect =
      if !words.isDisjoint(with: ["drop", "reject"]) { .drop } else if words.contains("dnat") {
        .translate
      } else if !words.isDisjoint(with: ["masquerade", "snat"]) { .masquerade } else { .accept }
    let place = ["family", "chain", "handle"].map { "\(rule[$0] ?? "")" }
    self.packets[Rule(identity: place.joined(separator: " "), effect: effect, comment: comment)] =
      packets
  }

  private mutating func add(map: [String: Any]) {
    let name = map["name"] as? String ?? ""
    guard name.hasPrefix("publish") || name.hasPrefix("allowed") else { return }
    for pair in map["elem"] as? [[Any]] ?? [] {
      guard let element = (pair.first as? [String: Any])?["elem"] as? [String: Any],
        let comment = element["comment"] as? String
      else { continue }
      let value = element["val"] as? [String: Any]
      let parts = value?["concat"] as? [Any] ?? [element["val"] ?? ""]
      elements.append(
        Element(
          key: Set(parts.map { "\($0)" }),
          effect: name.hasPrefix("publish") ? .translate : .accept, comment: comment))
    }
  }
}
