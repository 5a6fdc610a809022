import Netfilter
import NetworkTypes

extension RestoreWriter {
  mutating func write(_ target: IptablesTarget) {
    switch target {
    case .none: return
    case .accept: text.append(" -j ACCEPT")
    case .drop: text.append(" -j DROP")
    case .return: text.append(" -j RETURN")
    case .jump(let chain):
      text.append(" -j ")
      text.append(chain)
    case .goto(let chain):
      text.append(" -g ")
      text.append(chain)
    case .log(let prefix):
      text.append(" -j LOG --log-prefix \"")
      text.append(quotable: prefix, limit: Self.logPrefixLimit)
      text.append(UInt8(ascii: "\""))
    case .setMark(let mark): text.append(" -j MARK --set-xmark \(words(mark))")
    case .reject(.prohibited):
      text.append(" -j REJECT --reject-with ")
      text.append(family == .ipv4 ? "icmp-admin-prohibited" : "icmp6-adm-prohibited")
    case .reject(.tcpReset): text.append(" -j REJECT --reject-with tcp-reset")
    case .destination(let address, let ports): writeDestination(address, ports)
    case .source(let translation): writeSource(translation)
    case .masquerade(let ports, let order):
      text.append(" -j MASQUERADE")
      if let ports { text.append(" --to-ports \(ports)") }
      write(order)
    case .clampMSS(let size):
      text.append(" -j TCPMSS ")
      text.append(size.map { "--set-mss \($0)" } ?? "--clamp-mss-to-pmtu")
    case .fillChecksum: text.append(" -j CHECKSUM --checksum-fill")
    }
  }

  private mutating func writeDestination(_ address: IPAddress, _ shifted: ShiftedPorts?) {
    text.append(" -j DNAT --to-destination ")
    guard let shifted else {
      text.append(address)
      return
    }
    let isIPv6 = family == .ipv6
    if isIPv6 { text.append(UInt8(ascii: "[")) }
    text.append(address)
    text.append(isIPv6 ? "]:" : ":")
    text.append(shifted.ports)
    if shifted.ports.count > 1 { text.append("/\(shifted.base)") }
  }

  private mutating func writeSource(_ translation: SourceNAT) {
    let first = translation.addresses.first
    let last = translation.addresses.last
    let addresses = first == last ? "\(first)" : "\(first)-\(last)"
    text.append(" -j SNAT --to-source ")
    if let ports = translation.ports {
      text.append(family == .ipv6 ? "[\(addresses)]:\(ports)" : "\(addresses):\(ports)")
    } else {
      text.append(addresses)
    }
    write(translation.order)
  }

  private mutating func write(_ order: SourcePortOrder) {
    switch order {
    case .kernel: return
    case .random: text.append(" --random")
    case .fullyRandom: text.append(" --random-fully")
    }
  }
}
