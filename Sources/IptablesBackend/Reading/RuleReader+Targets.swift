import Netfilter
import NetworkTypes

extension RuleReader {
  /// Reads what is done; `nil` where it is not what we print.
  mutating func target() -> IptablesTarget? {
    if words.isAtEnd { return IptablesTarget.none }
    if words.take("-g") { return words.take(Self.ownChain).map { .goto($0) } }
    guard words.take("-j"), let name = words.take() else { return nil }
    switch name {
    case "ACCEPT": return .accept
    case "DROP": return .drop
    case "RETURN": return .return
    case "LOG": return log()
    case "MARK":
      return words.take("--set-xmark") ? words.take(Self.mark).map { .setMark($0) } : nil
    case "REJECT": return rejection()
    case "DNAT": return words.take("--to-destination") ? destination() : nil
    case "SNAT": return words.take("--to-source") ? source() : nil
    case "MASQUERADE": return masquerade()
    case "TCPMSS": return clamp()
    case "CHECKSUM": return words.take("--checksum-fill") ? .fillChecksum : nil
    default: return Self.ownChain(name).map { .jump($0) }
    }
  }

  private static func ownChain(_ word: String) -> String? {
    word.hasPrefix(ownChainPrefix) && word.isPlainWord ? word : nil
  }

  private mutating func log() -> IptablesTarget? {
    guard !words.isAtEnd else { return .log(prefix: "") }
    guard words.take("--log-prefix"), let prefix = words.take(),
      prefix.isQuotable(limit: RestoreWriter.logPrefixLimit)
    else { return nil }
    return .log(prefix: prefix)
  }

  private mutating func rejection() -> IptablesTarget? {
    guard words.take("--reject-with"), let answer = words.take() else { return nil }
    switch answer {
    case "tcp-reset": return .reject(.tcpReset)
    case "icmp-admin-prohibited" where family == .ipv4: return .reject(.prohibited)
    case "icmp6-adm-prohibited" where family == .ipv6: return .reject(.prohibited)
    default: return nil
    }
  }

  private mutating func destination() -> IptablesTarget? {
    guard let word = words.take(), let parts = splitPorts(word) else { return nil }
    guard let address = IPAddress(parts.address), address.family == family else { return nil }
    guard let text = parts.ports else { return .destination(address, ports: nil) }
    let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let ports = Self.ports(pieces[0], separator: "-"), pieces.count <= 2 else { return nil }
    guard pieces.count == 2 else {
      // Without a base the kernel picks any port of a range.
      guard ports.count == 1 else { return nil }
      return .destination(address, ports: ShiftedPorts(ports: ports, base: ports.lower))
    }
    guard let base = UInt16(pieces[1]) else { return nil }
    return .destination(address, ports: ShiftedPorts(ports: ports, base: base))
  }

  private mutating func source() -> IptablesTarget? {
    guard let word = words.take(), let parts = splitPorts(word) else { return nil }
    guard let addresses = addresses(parts.address) else { return nil }
    var ports: PortRange?
    if let text = parts.ports {
      guard let range = Self.ports(text, separator: "-") else { return nil }
      ports = range
    }
    return .source(SourceNAT(addresses: addresses, ports: ports, order: portOrder()))
  }

  private mutating func masquerade() -> IptablesTarget? {
    var ports: PortRange?
    if words.take("--to-ports") {
      guard let range = words.take({ Self.ports($0, separator: "-") }) else { return nil }
      ports = range
    }
    return .masquerade(ports, portOrder())
  }

  private mutating func portOrder() -> SourcePortOrder {
    if words.take("--random") { return .random }
    return words.take("--random-fully") ? .fullyRandom : .kernel
  }

  private mutating func clamp() -> IptablesTarget? {
    if words.take("--clamp-mss-to-pmtu") { return .clampMSS(nil) }
    return words.take("--set-mss") ? words.take { UInt16($0) }.map { .clampMSS($0) } : nil
  }

  private func addresses(_ text: String) -> AddressRange? {
    if let range = range(text) { return range }
    return IPAddress(text).flatMap { $0.family == family ? AddressRange($0) : nil }
  }

  /// `ADDRESS`, `ADDRESS:PORTS` or `[ADDRESS]:PORTS`.
  private func splitPorts(_ word: String) -> (address: String, ports: Substring?)? {
    switch family {
    case .ipv4:
      let parts = word.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count <= 2 else { return nil }
      return (String(parts[0]), parts.count == 2 ? parts[1] : nil)
    case .ipv6:
      guard word.first == "[" else { return (word, nil) }
      let parts = word.dropFirst().split(separator: "]", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].isEmpty || parts[1].first == ":" else { return nil }
      return (String(parts[0]), parts[1].isEmpty ? nil : parts[1].dropFirst())
    }
  }
}
