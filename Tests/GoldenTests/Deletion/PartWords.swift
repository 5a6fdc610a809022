import Evaluation
import Netfilter
import NetworkTypes

extension Program {
  /// The part in words.
  func words(_ part: Part) -> String {
    let table = tables[part.table]
    switch part {
    case .rule(_, let chain, let rule):
      return "\(table.words) \(table.chains[chain].name): \(table.chains[chain].rules[rule].words)"
    case .chain(_, let chain): return "\(table.words) chain \(table.chains[chain].name)"
    case .verdict(_, let map, let element):
      let map = table.verdictMaps[map]
      return "\(table.words) @\(map.name): \(map.elements[element].key.map(\.words)) -> "
        + map.elements[element].verdict.words
    case .translation(_, let map, let element):
      let map = table.addressMaps[map]
      return "\(table.words) @\(map.name): \(map.elements[element].key.map(\.words))"
    case .member(_, let set, let element):
      switch table.sets[set].content {
      case .addresses(_, let ranges):
        return "\(table.words) @\(table.sets[set].name): \(ranges[element])"
      case .interfaces(let names):
        return "\(table.words) @\(table.sets[set].name): \(names[element])"
      case .flows, .learnedInterfaces, .meter: return "\(table.words) @\(table.sets[set].name)"
      }
    }
  }
}

extension Program.Table {
  fileprivate var words: String {
    switch scope {
    case .frames: "bridge"
    case .packets(let families):
      switch (families.contains(.ipv4), families.contains(.ipv6)) {
      case (true, true): "inet"
      case (true, false): "ip \(name)"
      case (false, _): "ip6 \(name)"
      }
    }
  }
}

extension KeyValue {
  fileprivate var words: String {
    switch self {
    case .interface(let name): name.text
    case .address(let address): "\(address)"
    case .transport(let transport): "\(transport)"
    case .ports(let ports): "\(ports)"
    }
  }
}

extension Program.Rule {
  fileprivate var words: String {
    let conditions = conditions.map { condition in
      switch condition {
      case .match(let match): match.words
      case .handshake: "handshake"
      case .unknown(let words): words
      }
    }
    let effects = effects.map { effect in
      switch effect {
      case .action(let action): action.words
      case .port(let address, let port): "destination becomes \(address) \(port)"
      case .destination(let address, let ports, _): "destination becomes \(address) \(ports)"
      case .unknown(let words): words
      }
    }
    return (conditions.isEmpty ? "always" : conditions.joined(separator: ", "))
      + " => " + effects.joined(separator: ", ") + (comment.map { "  # \($0)" } ?? "")
  }
}
