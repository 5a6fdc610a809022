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
    for index in rule.matches.indices where !isImplied(rule.matches[index], at: index, in: rule) {
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

  /// Whether the text of another match of the rule says the same by itself.
  private func isImplied(_ match: Match, at index: Int, in rule: Rule) -> Bool {
    if case .family(let family) = match { return rule.comparesAddress(of: family) }
    guard case .transport(let transport) = match else { return false }
    return rule.matches[index...].contains { $0.implies(transport) }
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

extension Rule {
  /// The protocol that the rule's packets must have, where it says so.
  var transport: TransportProtocol? {
    for case .transport(let transport) in matches { return transport }
    return nil
  }

  /// Whether an address of `family` is compared, so that packets of the other one do not match.
  func comparesAddress(of family: AddressFamily) -> Bool {
    matches.contains { match in
      if case .source(let address) = match { return address.family == family }
      if case .destination(let address) = match { return address.family == family }
      return false
    }
  }
}

extension Match {
  /// Whether nft's text for this match holds for packets of `transport` alone.
  fileprivate func implies(_ transport: TransportProtocol) -> Bool {
    if case .sourcePort = self { return transport.hasPorts }
    if case .destinationPort = self { return transport.hasPorts }
    if case .icmp(.ipv4, _, _) = self { return transport == .icmp }
    if case .icmp(.ipv6, _, _) = self { return transport == .icmpv6 }
    if case .connectionAttempt = self { return transport == .tcp }
    if case .remembered(.ports(_, let other), _, _) = self { return transport == other }
    return false
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
