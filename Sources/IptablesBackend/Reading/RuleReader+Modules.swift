import Netfilter
import NetworkTypes

extension RuleReader {
  /// Reads what follows `-m MODULE`; false where it is not what we print.
  mutating func readModule(_ module: String) -> Bool {
    switch module {
    case "comment": return readComment()
    case "addrtype": return readAddressType()
    case "iprange": return readRange()
    case "tcp", "udp", "sctp", "dccp", "udplite":
      // What we ask of one module at two places comes back at one.
      repeat { if !readPort() { return false } } while words.isAtOption
      return true
    case "multiport": return readPorts()
    case "icmp", "icmp6": return readICMP(module)
    case "conntrack":
      repeat { if !readConnection() { return false } } while words.isAtOption
      return true
    case "mark": return words.take("--mark") && add(words.take(Self.mark)) { .mark($0) }
    case "limit": return readLimit()
    case "hashlimit": return readHashLimit()
    case "connlimit": return readConnectionCount()
    case "mac":
      let negated = words.take("!")
      return words.take("--mac-source")
        && add(words.take { MACAddress($0) }) { .sourceMAC($0, negated: negated) }
    default: return false
    }
  }

  private mutating func readAddressType() -> Bool {
    let isLocal = !words.take("!")
    guard let option = words.take(), words.take("LOCAL") else { return false }
    switch option {
    case "--src-type": matches.append(.sourceIsLocal(isLocal))
    case "--dst-type": matches.append(.destinationIsLocal(isLocal))
    default: return false
    }
    return true
  }

  private mutating func readRange() -> Bool {
    let negated = words.take("!")
    guard let option = words.take(), let range = words.take(range) else { return false }
    switch option {
    case "--src-range": matches.append(.source(range, negated: negated))
    case "--dst-range": matches.append(.destination(range, negated: negated))
    default: return false
    }
    return true
  }

  /// One port or range, or the flags of TCP.
  private mutating func readPort() -> Bool {
    let negated = words.take("!")
    guard let option = words.take() else { return false }
    switch option {
    case "--sport":
      return !negated && add(words.take { Self.ports($0) }) { .sourcePorts([$0]) }
    case "--dport":
      return !negated && add(words.take { Self.ports($0) }) { .destinationPorts([$0]) }
    case "--tcp-flags":
      guard let mask = words.take(), let set = words.take(), set == "SYN" else { return false }
      switch mask {
      case "FIN,SYN,RST,ACK": matches.append(.connectionAttempt(!negated))
      case "SYN,RST" where !negated: matches.append(.handshake)
      default: return false
      }
      return true
    default: return false
    }
  }

  private mutating func readPorts() -> Bool {
    guard let option = words.take(), let list = words.take() else { return false }
    var ports: [PortRange] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let range = Self.ports(part) else { return false }
      ports.append(range)
    }
    switch option {
    case "--sports": matches.append(.sourcePorts(ports))
    case "--dports": matches.append(.destinationPorts(ports))
    default: return false
    }
    return true
  }

  private mutating func readICMP(_ module: String) -> Bool {
    let option = family == .ipv4 ? "--icmp-type" : "--icmpv6-type"
    guard module == (family == .ipv4 ? "icmp" : "icmp6"), words.take(option),
      let word = words.take()
    else { return false }
    let parts = word.split(separator: "/", omittingEmptySubsequences: false)
    guard let type = UInt8(parts[0]), parts.count <= 2 else { return false }
    guard parts.count == 2 else {
      matches.append(.icmp(type: type, code: nil))
      return true
    }
    return add(UInt8(parts[1])) { .icmp(type: type, code: $0) }
  }

  private mutating func readConnection() -> Bool {
    let negated = words.take("!")
    guard let option = words.take(), let value = words.take() else { return false }
    if option == "--ctdir" {
      guard value == "ORIGINAL", !negated else { return false }
      matches.append(.originalDirection)
      return true
    }
    guard option == "--ctstate" else { return false }
    let names = Set(value.split(separator: ",").map(String.init))
    if names.contains("DNAT") {
      guard names == (negated ? ["INVALID", "UNTRACKED", "DNAT"] : ["DNAT"]) else { return false }
      matches.append(.destinationTranslated(!negated))
      return true
    }
    let states = names.compactMap { ConnectionState(rawValue: $0.lowercased()) }.sorted()
    guard !negated, states.count == names.count, !states.isEmpty else { return false }
    matches.append(.connectionState(states))
    return true
  }

  private mutating func readLimit() -> Bool {
    guard words.take("--limit"), let rate = words.take(Rate.init) else { return false }
    // XT_LIMIT_BURST, which iptables-save leaves out.
    var burst: UInt32 = 5
    if words.take("--limit-burst") {
      guard let value = words.take({ UInt32($0) }) else { return false }
      burst = value
    }
    matches.append(.limit(count: rate.count, rate.unit, burst: burst))
    return true
  }

  private mutating func readHashLimit() -> Bool {
    guard words.take("--hashlimit-upto"), let rate = words.take(Rate.init) else { return false }
    // XT_HASHLIMIT_BURST.
    var burst: UInt32 = 5
    if words.take("--hashlimit-burst") {
      guard let value = words.take({ UInt32($0) }) else { return false }
      burst = value
    }
    let perSource = words.take("--hashlimit-mode")
    if perSource, !words.take("srcip") { return false }
    guard words.take("--hashlimit-name"), let name = words.take(), name.isPlainWord else {
      return false
    }
    // The rate's unit, which iptables-save leaves out (`hashlimit_save` of its libxt_hashlimit.c).
    var expiry = rate.unit.seconds * 1000
    if words.take("--hashlimit-htable-expire") {
      guard let value = words.take({ UInt64($0) }) else { return false }
      expiry = value
    }
    guard expiry == hashLimitExpiry(rate.count, rate.unit, burst) else { return false }
    matches.append(
      .hashLimit(count: rate.count, rate.unit, burst: burst, perSource: perSource, name: name))
    return true
  }

  private mutating func readConnectionCount() -> Bool {
    guard words.take("--connlimit-above"), let count = words.take({ UInt32($0) }),
      words.take("--connlimit-mask"), let mask = words.take({ Int($0) }),
      words.take("--connlimit-saddr"), mask == 0 || mask == family.width
    else { return false }
    matches.append(.connectionsOver(count, perSource: mask > 0))
    return true
  }
}

/// `COUNT/UNIT` in the words of iptables.
private struct Rate {
  let count: UInt32
  let unit: Limit.Unit

  init?(_ word: String) {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = UInt32(parts[0]), count > 0 else { return nil }
    switch parts[1] {
    case "sec", "second": unit = .second
    case "min", "minute": unit = .minute
    case "hour": unit = .hour
    case "day": unit = .day
    default: return nil
    }
    self.count = count
  }
}
