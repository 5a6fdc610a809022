import Netfilter
import NetworkTypes

extension NftWriter {
  mutating func writeChain(_ chain: Chain) {
    writeBlock("chain", chain.name) { writer in
      if case .base(let base) = chain.kind {
        // Priorities have names too, but not the same ones in every version and family.
        writer.writeLine(
          "type \(base.purpose.rawValue) hook \(base.hook.rawValue) "
            + "priority \(base.priority); policy accept;")
      }
      for rule in chain.rules { writer.writeRule(rule) }
    }
  }

  private mutating func writeRule(_ rule: Rule) {
    guard !(rule.matches.isEmpty && rule.actions.isEmpty) else { return }
    text.append("\t\t")
    let start = text.count
    for index in rule.matches.indices where !rule.isImplied(at: index) {
      if text.count > start { text.append(UInt8(ascii: " ")) }
      writeMatch(rule.matches[index], in: rule)
    }
    for action in rule.actions {
      if text.count > start { text.append(UInt8(ascii: " ")) }
      writeAction(action, in: rule)
    }
    if rule.origin != nil || rule.comment != nil {
      if text.count > start { text.append(UInt8(ascii: " ")) }
      writeComment(rule.origin, rule.comment)
    }
    text.append(UInt8(ascii: "\n"))
  }

  /// The header that ports are read from: the protocol's own, or any.
  func portHeader(_ transport: TransportProtocol?) -> String {
    switch transport {
    case .some(.tcp): "tcp"
    case .some(.udp): "udp"
    case .some(.sctp): "sctp"
    case .some(.dccp): "dccp"
    case .some(.udplite): "udplite"
    case .some, .none: "th"
    }
  }
}

/// The name where nft has a word for the protocol, the number elsewhere: other names come from
/// `/etc/protocols`, which small systems lack.
func nftName(_ transport: TransportProtocol) -> String {
  switch transport {
  case .tcp: "tcp"
  case .udp: "udp"
  case .icmp: "icmp"
  case .icmpv6: "icmpv6"
  case .sctp: "sctp"
  case .dccp: "dccp"
  case .udplite: "udplite"
  case .esp: "esp"
  case .ah: "ah"
  case .igmp: "igmp"
  default: "\(transport.number)"
  }
}

extension Verdict {
  /// The verdict in nft's words.
  var nftText: String {
    switch self {
    case .accept: "accept"
    case .drop: "drop"
    case .return: "return"
    case .jump(let chain): "jump " + chain
    case .goto(let chain): "goto " + chain
    }
  }
}
