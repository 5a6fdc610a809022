import Netfilter
import NetworkTypes

extension RestoreWriter {
  /// What iptables takes without a module: one of each at most.
  mutating func writeHeaders(_ matches: [IptablesMatch]) {
    var hasSource = false
    var hasDestination = false
    for match in matches {
      switch match {
      case .inputInterface(let name, let negated): write(" -i ", name, negated)
      case .outputInterface(let name, let negated): write(" -o ", name, negated)
      case .source(let range, let negated):
        writeAddress("-s ", "--src-range ", range, negated, taken: &hasSource)
      case .destination(let range, let negated):
        writeAddress("-d ", "--dst-range ", range, negated, taken: &hasDestination)
      case .transport, .sourceIsLocal, .destinationIsLocal, .sourcePorts, .destinationPorts,
        .icmp, .connectionState, .destinationTranslated, .originalDirection, .mark, .limit,
        .hashLimit, .connectionsOver, .sourceMAC, .connectionAttempt, .handshake:
        continue
      }
    }
    guard let transport = matches.transport else { return }
    text.append(" -p ")
    write(transport)
  }

  /// What a module asks; `transport` is the protocol that the rule asks for.
  mutating func writeModule(_ match: IptablesMatch, _ transport: TransportProtocol?) {
    switch match {
    case .inputInterface, .outputInterface, .source, .destination, .transport: return
    case .sourceIsLocal(let isLocal):
      text.append(" -m addrtype \(isLocal ? "" : "! ")--src-type LOCAL")
    case .destinationIsLocal(let isLocal):
      text.append(" -m addrtype \(isLocal ? "" : "! ")--dst-type LOCAL")
    case .sourcePorts(let ports): writePorts("sport", ports, transport)
    case .destinationPorts(let ports): writePorts("dport", ports, transport)
    case .icmp(let type, let code):
      text.append(family == .ipv4 ? " -m icmp --icmp-type " : " -m icmp6 --icmpv6-type ")
      text.append(code.map { "\(type)/\($0)" } ?? "\(type)")
    case .connectionState(let states):
      let names = states.map { $0.rawValue.uppercased() }.joined(separator: ",")
      text.append(" -m conntrack --ctstate \(names)")
    case .destinationTranslated(let isTranslated):
      // Packets of no connection are neither, as nft has it.
      text.append(
        isTranslated
          ? " -m conntrack --ctstate DNAT" : " -m conntrack ! --ctstate INVALID,UNTRACKED,DNAT")
    case .originalDirection: text.append(" -m conntrack --ctdir ORIGINAL")
    case .mark(let mark): text.append(" -m mark --mark \(words(mark))")
    case .limit(let count, let unit, let burst):
      text.append(" -m limit --limit \(count)/\(unit.rawValue) --limit-burst \(burst)")
    case .hashLimit(let count, let unit, let burst, let perSource, let name):
      writeHashLimit(count, unit, burst, perSource: perSource, name)
    case .connectionsOver(let count, let perSource):
      let mask = perSource ? family.width : 0
      text.append(
        " -m connlimit --connlimit-above \(count) --connlimit-mask \(mask) --connlimit-saddr")
    case .sourceMAC(let address, let negated):
      text.append(" -m mac \(negated ? "! " : "")--mac-source \(address)")
    case .connectionAttempt(let isAttempt):
      text.append(" -m tcp \(isAttempt ? "" : "! ")--tcp-flags FIN,SYN,RST,ACK SYN")
    case .handshake: text.append(" -m tcp --tcp-flags SYN,RST SYN")
    }
  }

  private mutating func write(_ option: String, _ name: InterfaceName, _ negated: Bool) {
    if negated { text.append(" !") }
    text.append(option)
    text.append(name.text)
  }

  /// The address as an option of its own, or by a module: where it is no prefix, or where the
  /// option is taken.
  private mutating func writeAddress(
    _ option: String, _ moduleOption: String, _ range: AddressRange, _ negated: Bool,
    taken: inout Bool
  ) {
    let isOption = !taken && range.prefix != nil
    text.append(isOption ? " " : " -m iprange ")
    if negated { text.append("! ") }
    text.append(isOption ? option : moduleOption)
    if isOption {
      text.append(range)
      taken = true
      return
    }
    text.append(range.first)
    text.append(UInt8(ascii: "-"))
    text.append(range.last)
  }

  private mutating func writePorts(
    _ option: String, _ ports: [PortRange], _ transport: TransportProtocol?
  ) {
    if ports.count == 1, let module = transport?.portModule {
      text.append(" -m \(module) --\(option) ")
    } else {
      text.append(" -m multiport --\(option)s ")
    }
    for index in ports.indices {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text.append(ports[index], separator: UInt8(ascii: ":"))
    }
  }

  private mutating func writeHashLimit(
    _ count: UInt32, _ unit: Limit.Unit, _ burst: UInt32, perSource: Bool, _ name: String
  ) {
    let expiry = hashLimitExpiry(count, unit, burst)
    text.append(
      " -m hashlimit --hashlimit-upto \(count)/\(unit.rawValue) --hashlimit-burst \(burst)"
        + (perSource ? " --hashlimit-mode srcip" : "")
        + " --hashlimit-name \(name) --hashlimit-htable-expire \(expiry)")
  }

  /// The names that iptables knows by itself; others need `/etc/protocols`.
  mutating func write(_ transport: TransportProtocol) {
    switch transport {
    case .tcp: text.append("tcp")
    case .udp: text.append("udp")
    case .udplite: text.append("udplite")
    case .sctp: text.append("sctp")
    case .icmp: text.append("icmp")
    case .icmpv6: text.append("icmpv6")
    case .esp: text.append("esp")
    case .ah: text.append("ah")
    default: text.append(decimal: UInt64(transport.number))
    }
  }

  func words(_ mark: PacketMark) -> String {
    "0x\(String(mark.value, radix: 16))/0x\(String(mark.mask, radix: 16))"
  }
}

/// After how many milliseconds a source is forgotten: before its burst is earned anew it would get
/// it for nothing. The rate is the one that iptables-save prints, so that reading finds the same.
func hashLimitExpiry(_ count: UInt32, _ unit: Limit.Unit, _ burst: UInt32) -> UInt64 {
  let rate = savedRate(count, unit, scale: hashLimitScale)
  return max(UInt64(burst) * rate.unit.seconds * 1000 / UInt64(max(rate.count, 1)), 10_000)
}

extension TransportProtocol {
  /// The module that reads one port or range of the protocol.
  fileprivate var portModule: String? {
    switch self {
    case .tcp: "tcp"
    case .udp: "udp"
    case .sctp: "sctp"
    case .dccp: "dccp"
    default: nil
    }
  }
}
