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
    matches.contains { $0.comparesAddress(of: family) }
  }

  /// Whether the rule's condition at `index` goes without saying: nft's words for another one hold
  /// for its packets alone.
  package func isImplied(at index: Int) -> Bool {
    if case .family(let family) = matches[index] { return isImplied(family, at: index) }
    guard case .transport(let transport) = matches[index] else { return false }
    return matches[index...].contains { $0.implies(transport) }
  }

  /// Whether a comparison of an address asks for the family early enough: what counts must count no
  /// other packets, and ICMP asks for the type of the frame, which a VLAN tag may hide.
  private func isImplied(_ family: AddressFamily, at index: Int) -> Bool {
    guard let first = matches.firstIndex(where: { $0.comparesAddress(of: family) }) else {
      return false
    }
    return first < index || !matches[index..<first].contains(where: \.needsFamilyBefore)
  }

  /// Whether effects for IPv4 alone need a condition of their own.
  package var saysIPv4: Bool {
    matches.contains(.family(.ipv4)) || comparesAddress(of: .ipv4)
  }
}

extension Match {
  fileprivate func comparesAddress(of family: AddressFamily) -> Bool {
    if case .source(let address) = self { return address.family == family }
    if case .destination(let address) = self { return address.family == family }
    return false
  }

  fileprivate var needsFamilyBefore: Bool {
    if case .icmp = self { return true }
    if case .limit(let limit) = self { return limit.perSourceMeter == nil }
    if case .connectionsOver(_, perSource: false, _) = self { return true }
    return false
  }

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
