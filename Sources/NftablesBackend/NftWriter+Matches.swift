import Netfilter
import NetworkTypes

extension NftWriter {
  mutating func writeMatch(_ match: Match, in rule: Rule) {
    switch match {
    case .family(let family): writeFamily(family)
    case .inputInterface(let match): writeInterface("iifname ", match)
    case .outputInterface(let match): writeInterface("oifname ", match)
    case .inputBridge(let name): text.append("meta ibrname \"\(name)\"")
    case .outputBridge(let name): text.append("meta obrname \"\(name)\"")
    case .source(let match): writeAddress(ipHeader(match.family) + " saddr ", match)
    case .destination(let match): writeAddress(ipHeader(match.family) + " daddr ", match)
    case .sourceIsLocal(let isLocal): text.append("fib saddr type \(isLocal ? "" : "!= ")local")
    case .destinationIsLocal(let isLocal):
      text.append("fib daddr type \(isLocal ? "" : "!= ")local")
    case .transport(let transport):
      text.append("meta l4proto \(nftName(transport))")
    case .sourcePort(let ports): writePorts("\(portHeader(rule.transport)) sport ", ports)
    case .destinationPort(let ports): writePorts("\(portHeader(rule.transport)) dport ", ports)
    case .icmp(let family, let type, let code): writeICMP(family, type: type, code: code)
    case .connectionState(let states):
      text.append("ct state " + states.sorted().map(\.rawValue).joined(separator: ","))
    case .destinationTranslated(let isTranslated):
      text.append(isTranslated ? "ct status dnat" : "ct status & dnat == 0")
    case .originalDirection: text.append("ct direction original")
    case .mark(let mark): writeMark(mark)
    case .limit(let limit): writeLimit(limit)
    case .connectionsOver(let count, let perSource, let meter):
      writeConnections(over: count, meter: perSource ? meter : nil)
    case .sourceMAC(let address, let negated):
      text.append("ether saddr \(negated ? "!= " : "")\(address)")
    case .etherType(let type): writeEtherType(type)
    case .arpSenderAddress(let match): writeAddress("arp saddr ip ", match)
    case .arpSenderMAC(let address, let negated):
      text.append("arp saddr ether \(negated ? "!= " : "")\(address)")
    case .arpTargetAddress(let match): writeAddress("arp daddr ip ", match)
    case .neighborTarget(let match): writeNeighborTarget(match)
    case .connectionAttempt(let isAttempt):
      text.append("tcp flags & (fin|syn|rst|ack) \(isAttempt ? "==" : "!=") syn")
    case .remembered(let key, let set, let side):
      writeFlow(key, swapped: side == .answering)
      text.append(" @\(set)")
    }
  }

  // The Ethernet type of a frame with a VLAN tag is the tag's, so that `ether type` would let any
  // frame by that claims VLAN 0; the protocol is what the tag wraps.
  private mutating func writeFamily(_ family: AddressFamily) {
    switch self.family {
    case .inet: text.append(family == .ipv4 ? "meta nfproto ipv4" : "meta nfproto ipv6")
    case .bridge: text.append(family == .ipv4 ? "meta protocol ip" : "meta protocol ip6")
    }
  }

  private mutating func writeEtherType(_ type: EtherType) {
    switch type {
    case .ipv4: text.append("meta protocol ip")
    case .arp: text.append("meta protocol arp")
    case .ipv6: text.append("meta protocol ip6")
    }
  }

  private mutating func writeInterface(_ field: String, _ match: InterfaceMatch) {
    text.append(field)
    switch match {
    case .equals(let name): text.append("\"\(name)\"")
    case .differs(let name): text.append("!= \"\(name)\"")
    case .isIn(let set): text.append("@\(set)")
    case .isNotIn(let set): text.append("!= @\(set)")
    }
  }

  private mutating func writeAddress(_ field: String, _ match: AddressMatch) {
    text.append(field)
    if match.negated { text.append("!= ") }
    switch match.operand {
    case .range(let range): text.append(range)
    case .set(let name, _):
      text.append(UInt8(ascii: "@"))
      text.append(name)
    }
  }

  private mutating func writePorts(_ field: String, _ ports: [PortRange]) {
    let ranges = ports.merged
    text.append(field)
    if ranges.count == 1 {
      text.append(ranges[0])
      return
    }
    text.append("{ ")
    for index in ranges.indices {
      if index > 0 { text.append(", ") }
      text.append(ranges[index])
    }
    text.append(" }")
  }

  private mutating func writeICMP(_ family: AddressFamily, type: UInt8, code: UInt8?) {
    let header = family == .ipv4 ? "icmp" : "icmpv6"
    text.append(header + " type ")
    text.append(icmpTypeName(family, type) ?? "\(type)")
    if let code { text.append(" \(header) code \(code)") }
  }

  private mutating func writeMark(_ mark: PacketMark) {
    text.append("meta mark ")
    if mark.mask != .max {
      text.append("& ")
      text.append(hexadecimal: UInt128(mark.mask), digits: 8)
      text.append(" == ")
    }
    text.append(hexadecimal: UInt128(mark.value), digits: 8)
  }

  private mutating func writeLimit(_ limit: Limit) {
    let rate =
      "limit rate \(limit.count)/\(limit.unit.rawValue) burst \(limit.burst) packets"
    guard let meter = limit.perSourceMeter else {
      text.append(rate)
      return
    }
    // Counting from the source's first packet: an element that is over its rate ends the rule.
    text.append("update @\(meter) { \(meterSource(meter)) \(rate) }")
  }

  private mutating func writeConnections(over count: UInt32, meter: String?) {
    guard let meter else {
      text.append("ct count over \(count)")
      return
    }
    text.append("add @\(meter) { \(meterSource(meter)) ct count over \(count) }")
  }

  private func meterSource(_ meter: String) -> String {
    if case .meter(.ipv6) = setContents[meter] { return "ip6 saddr" }
    return "ip saddr"
  }

  /// The target of a solicitation or advertisement: the 128 bits after type, code, checksum and
  /// four flag bytes (RFC 4861, 4.3). nft 1.0.6 has no word for it.
  private mutating func writeNeighborTarget(_ match: AddressMatch) {
    text.append("@th,64,128 ")
    switch match.operand {
    case .range(let range): writeRawRange(range, negated: match.negated)
    case .set(let name, _):
      guard case .addresses(_, let ranges) = setContents[name], !ranges.isEmpty else { return }
      // A set of addresses has a type, raw bits have none: so the elements are repeated.
      text.append(match.negated ? "!= { " : "{ ")
      for index in ranges.indices {
        if index > 0 { text.append(", ") }
        writeRawBounds(ranges[index])
      }
      text.append(" }")
    }
  }

  private mutating func writeRawRange(_ range: AddressRange, negated: Bool) {
    if let prefix = range.prefix, prefix.length > 0, prefix.length < 128 {
      text.append("& ")
      text.append(hexadecimal: ~(UInt128.max >> UInt128(prefix.length)), digits: 32)
      text.append(negated ? " != " : " == ")
      text.append(hexadecimal: range.lowerBits, digits: 32)
      return
    }
    if negated { text.append("!= ") }
    writeRawBounds(range)
  }

  private mutating func writeRawBounds(_ range: AddressRange) {
    text.append(hexadecimal: range.lowerBits, digits: 32)
    guard range.lowerBits != range.upperBits else { return }
    text.append(UInt8(ascii: "-"))
    text.append(hexadecimal: range.upperBits, digits: 32)
  }

  /// The key of a flow; `swapped` for packets that answer it.
  mutating func writeFlow(_ key: FlowKey, swapped: Bool) {
    let (from, to) = swapped ? ("d", "s") : ("s", "d")
    switch key {
    case .ports(let family, let transport):
      let ip = ipHeader(family)
      let header = portHeader(transport)
      text.append(
        "\(ip) \(from)addr . \(header) \(from)port . \(ip) \(to)addr . \(header) \(to)port")
    case .echo(let family):
      let ip = ipHeader(family)
      text.append("\(ip) \(from)addr . \(ip) \(to)addr")
    case .addresses(let family):
      let ip = ipHeader(family)
      text.append("\(ip) \(from)addr . meta l4proto . \(ip) \(to)addr")
    }
  }

  private func ipHeader(_ family: AddressFamily) -> String {
    switch family {
    case .ipv4: "ip"
    case .ipv6: "ip6"
    }
  }
}
