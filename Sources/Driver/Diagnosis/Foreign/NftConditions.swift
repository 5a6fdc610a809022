import IptablesBackend
import NetworkTypes

/// Reads what rules of nft ask, as `nft -j` shows it (libnftables-json(5)).
struct NftConditions {
  /// The elements of the table's named sets.
  let sets: [String: [JSONTree]]

  /// What a `match` asks.
  func conditions(_ match: JSONTree) -> [ForeignCondition] {
    guard let left = match["left"], let right = match["right"], let operation = match["op"]?.text
    else { return [.unknown("match")] }
    switch operation {
    case "==", "in": return conditions(left, values(right), negated: false)
    case "!=": return conditions(left, values(right), negated: true)
    default: return implied(left) + [.unknown("\(operation)")]
    }
  }

  private func values(_ right: JSONTree) -> [JSONTree] {
    if let name = right.text, name.hasPrefix("@") {
      // An empty set is nothing to match; one that is not listed is not understood.
      return sets[String(name.dropFirst())] ?? [.null]
    }
    if let members = right["set"]?.array { return members }
    return right.array ?? [right]
  }

  /// Whether the left side is one of `values`.
  func conditions(
    _ left: JSONTree, _ values: [JSONTree], negated: Bool
  ) -> [ForeignCondition] {
    let values = values.map { $0["elem"]?["val"] ?? $0 }
    guard let (kind, value) = left.member else { return [.unknown("match")] }
    let condition: ForeignCondition?
    switch kind {
    case "meta": condition = meta(value["key"]?.text ?? "", values, negated)
    case "ct": condition = connection(value, values, negated)
    case "fib": condition = kinds(value, values, negated)
    case "payload":
      condition = payload(
        value["protocol"]?.text ?? "", value["field"]?.text ?? "", values, negated)
    default: condition = nil
    }
    return implied(left) + [condition ?? .unknown(kind)]
  }

  /// What a packet has to be for the left side to exist.
  private func implied(_ left: JSONTree) -> [ForeignCondition] {
    switch left["payload"]?["protocol"]?.text {
    case "ip", "icmp":
      let icmp = ForeignCondition.transport([.icmp], negated: false)
      return [.family(.ipv4)] + (left["payload"]?["protocol"]?.text == "icmp" ? [icmp] : [])
    case "ip6": return [.family(.ipv6)]
    case "icmpv6": return [.transport([.icmpv6], negated: false)]
    case "ether", "vlan", "arp", "th", nil: return []
    case let name?:
      return [TransportProtocol(named: name).map { .transport([$0], negated: false) }]
        .compactMap { $0 }
    }
  }

  private func meta(
    _ key: String, _ values: [JSONTree], _ negated: Bool
  ) -> ForeignCondition? {
    switch key {
    case "iifname", "iif": return names(values).map { .input($0, negated: negated) }
    case "oifname", "oif": return names(values).map { .output($0, negated: negated) }
    case "l4proto": return transports(values).map { .transport($0, negated: negated) }
    case "nfproto":
      guard values.count == 1, let name = values[0].text else { return nil }
      return .family((name == "ipv4") != negated ? .ipv4 : .ipv6)
    default: return nil
    }
  }

  private func payload(
    _ header: String, _ field: String, _ values: [JSONTree], _ negated: Bool
  ) -> ForeignCondition? {
    switch (header, field) {
    case ("ip", "saddr"), ("ip6", "saddr"):
      return addresses(values).map { .address(.source, $0, negated: negated) }
    case ("ip", "daddr"), ("ip6", "daddr"):
      return addresses(values).map { .address(.destination, $0, negated: negated) }
    case ("ip", "protocol"), ("ip6", "nexthdr"):
      return transports(values).map { .transport($0, negated: negated) }
    case (_, "sport"): return ports(values).map { .port(.source, $0, negated: negated) }
    case (_, "dport"): return ports(values).map { .port(.destination, $0, negated: negated) }
    default: return nil
    }
  }

  private func connection(
    _ key: JSONTree, _ values: [JSONTree], _ negated: Bool
  ) -> ForeignCondition? {
    let words = values.compactMap(\.text)
    guard words.count == values.count else { return nil }
    switch key["key"]?.text {
    case "state": return .state(Set(words), negated: negated)
    case "status": return words == ["dnat"] ? .translated(!negated) : nil
    default: return nil
    }
  }

  private func kinds(
    _ fib: JSONTree, _ values: [JSONTree], _ negated: Bool
  ) -> ForeignCondition? {
    let words = values.compactMap(\.text)
    guard fib["result"]?.text == "type", words.count == values.count else { return nil }
    let flags = (fib["flags"]?.array ?? [fib["flags"]].compactMap { $0 }).compactMap(\.text)
    switch flags {
    case ["daddr"]: return .kind(.destination, Set(words), negated: negated)
    case ["saddr"]: return .kind(.source, Set(words), negated: negated)
    default: return nil
    }
  }

  private func names(_ values: [JSONTree]) -> [String]? {
    let names = values.compactMap(\.text)
    return names.count == values.count ? names : nil
  }

  private func transports(_ values: [JSONTree]) -> [TransportProtocol]? {
    let found = values.compactMap { value -> TransportProtocol? in
      if let number = value.number { return UInt8(exactly: number).map(TransportProtocol.init) }
      return value.text.flatMap(iptablesTransport)
    }
    return found.count == values.count ? found : nil
  }

  private func ports(_ values: [JSONTree]) -> [PortRange]? {
    let found = values.compactMap { value -> PortRange? in
      if let ends = value["range"]?.array {
        let numbers = ends.compactMap(\.number).compactMap { UInt16(exactly: $0) }
        return numbers.count == 2 && numbers[0] <= numbers[1]
          ? PortRange(numbers[0], numbers[1]) : nil
      }
      return value.number.flatMap { UInt16(exactly: $0) }.map { PortRange($0) }
    }
    return found.count == values.count ? found : nil
  }

  private func addresses(_ values: [JSONTree]) -> [AddressRange]? {
    let found = values.compactMap { value -> AddressRange? in
      if let prefix = value["prefix"], let address = prefix["addr"]?.text,
        let length = prefix["len"]?.number
      {
        return AddressPrefix("\(address)/\(length)").map { AddressRange($0) }
      }
      if let ends = value["range"]?.array?.compactMap(\.text), ends.count == 2,
        let first = IPAddress(ends[0]), let last = IPAddress(ends[1])
      {
        return AddressRange(first, last)
      }
      return value.text.flatMap(IPAddress.init).map { AddressRange($0) }
    }
    return found.count == values.count ? found : nil
  }
}
