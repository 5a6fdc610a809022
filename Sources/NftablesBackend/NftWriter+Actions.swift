import Netfilter
import NetworkTypes

extension NftWriter {
  mutating func writeAction(_ action: Action, in rule: Rule) {
    switch action {
    case .counter: text.append("counter")
    case .log(let prefix):
      text.append("log prefix \"\(nftLogPrefix(prefix))\"")
    case .setMark(let mark): writeSetMark(mark)
    case .verdict(let verdict): text.append(verdict.nftText)
    case .reject(.prohibited): text.append("reject with icmpx admin-prohibited")
    case .reject(.tcpReset): text.append("reject with tcp reset")
    case .dispatch(let fields, let map):
      writeKey(fields, transport: rule.transport)
      text.append(" vmap @\(map)")
    case .destinationNAT(let translation): writeDestinationNAT(translation, in: rule)
    case .sourceNAT(let translation): writeSourceNAT(translation)
    case .masquerade(let ports, let order): writeMasquerade(ports, order)
    case .clampMSS(let size): writeClamp(size)
    case .fixChecksum: writeFixChecksum(in: rule)
    case .remember(let key, let set):
      text.append("update @\(set) { ")
      writeFlow(key, swapped: false)
      text.append(" }")
    case .learnOutputInterface(let set): text.append("update @\(set) { oifname }")
    }
  }

  private mutating func writeSetMark(_ mark: PacketMark) {
    text.append("meta mark set ")
    if mark.mask != .max {
      text.append("meta mark & ")
      text.append(hexadecimal: UInt128(~mark.mask), digits: 8)
      text.append(" | ")
    }
    text.append(hexadecimal: UInt128(mark.value), digits: 8)
  }

  private mutating func writeDestinationNAT(_ translation: DestinationNAT, in rule: Rule) {
    switch translation {
    case .address(let address):
      text.append(address.family == .ipv4 ? "dnat ip to " : "dnat ip6 to ")
      text.append(address)
    case .map(let name):
      guard let map = addressMaps[name] else { return }
      text.append(map.family == .ipv4 ? "dnat ip to " : "dnat ip6 to ")
      writeKey(map.fields, transport: rule.transport ?? map.transport)
      text.append(" map @\(name)")
    }
  }

  private mutating func writeSourceNAT(_ translation: SourceNAT) {
    let isIPv6 = translation.addresses.family == .ipv6
    let needsBrackets = isIPv6 && translation.ports != nil
    let first = translation.addresses.first
    let last = translation.addresses.last
    text.append(isIPv6 ? "snat ip6 to " : "snat ip to ")
    text.append(needsBrackets ? "[\(first)]" : "\(first)")
    if first != last { text.append(needsBrackets ? "-[\(last)]" : "-\(last)") }
    if let ports = translation.ports { text.append(":\(ports)") }
    writeOrder(translation.order)
  }

  private mutating func writeMasquerade(_ ports: PortRange?, _ order: SourcePortOrder) {
    text.append("masquerade")
    if let ports { text.append(" to :\(ports)") }
    writeOrder(order)
  }

  private mutating func writeOrder(_ order: SourcePortOrder) {
    switch order {
    case .kernel: break
    case .random: text.append(" random")
    case .fullyRandom: text.append(" fully-random")
    }
  }

  /// Both packets of a handshake bear the option; the kernel never raises it.
  private mutating func writeClamp(_ size: UInt16?) {
    text.append("tcp flags & (syn|rst) == syn tcp option maxseg size set ")
    text.append(size.map { "\($0)" } ?? "rt mtu")
  }

  /// A checksum of zero says "none was made" (RFC 768), which is true of IPv4 only: over IPv6 it
  /// would make the packet invalid (RFC 8200, 8.1).
  private mutating func writeFixChecksum(in rule: Rule) {
    if !rule.saysIPv4 {
      writeMatch(.family(.ipv4), in: rule)
      text.append(UInt8(ascii: " "))
    }
    text.append("udp checksum set 0")
  }
}
