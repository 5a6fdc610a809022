package import NetworkTypes

// What nft's words for one condition say about another: both ways to nf_tables leave the same out.
extension Rule {
  /// The protocol that the rule's packets must have, where it says so.
  package var transport: TransportProtocol? {
    for case .transport(let transport) in matches { return transport }
    return nil
  }

  /// Whether an address of `family` is compared, so that packets of the other one do not match.
  package func comparesAddress(of family: AddressFamily) -> Bool {
    matches.contains { match in
      if case .source(let address) = match { return address.family == family }
      if case .destination(let address) = match { return address.family == family }
      return false
    }
  }

  /// Whether the rule's condition at `index` goes without saying: nft's words for another one hold
  /// for its packets alone.
  package func isImplied(at index: Int) -> Bool {
    if case .family(let family) = matches[index] { return comparesAddress(of: family) }
    guard case .transport(let transport) = matches[index] else { return false }
    return matches[index...].contains { $0.implies(transport) }
  }

  /// Whether effects for IPv4 alone need a condition of their own.
  package var saysIPv4: Bool {
    matches.contains(.family(.ipv4)) || comparesAddress(of: .ipv4)
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
