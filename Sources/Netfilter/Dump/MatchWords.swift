import NetworkTypes

extension Match {
  /// The condition in words, as dumps show it.
  package var words: String {
    switch self {
    case .family(let family): "\(family.words)"
    case .inputInterface(let match): "input \(match.words)"
    case .outputInterface(let match): "output \(match.words)"
    case .inputBridge(let name): "input bridge \(name)"
    case .outputBridge(let name): "output bridge \(name)"
    case .source(let match): "source \(match.words)"
    case .destination(let match): "destination \(match.words)"
    case .sourceIsLocal(let isLocal): "source \(isLocal ? "" : "not ")local"
    case .destinationIsLocal(let isLocal): "destination \(isLocal ? "" : "not ")local"
    case .transport(let transport): "\(transport)"
    case .sourcePort(let ports): "source port \(ports.words)"
    case .destinationPort(let ports): "destination port \(ports.words)"
    case .icmp(let family, let type, let code):
      "\(family == .ipv4 ? "icmp" : "icmpv6") type \(type)" + (code.map { " code \($0)" } ?? "")
    case .connectionState(let states):
      "state " + states.sorted().map(\.rawValue).joined(separator: "|")
    case .destinationTranslated(let isTranslated):
      "destination \(isTranslated ? "" : "not ")translated"
    case .originalDirection: "original direction"
    case .mark(let mark): "mark \(mark.words)"
    case .limit(let limit): limit.words
    case .connectionsOver(let count, let perSource, let meter):
      "over \(count) connections" + (perSource ? " per source @\(meter)" : "")
    case .sourceMAC(let address, let negated): "source MAC \(negated ? "not " : "")\(address)"
    case .etherType(let type): "frame \(type)"
    case .arpSenderAddress(let match): "arp sender \(match.words)"
    case .arpSenderMAC(let address, let negated):
      "arp sender MAC \(negated ? "not " : "")\(address)"
    case .arpTargetAddress(let match): "arp target \(match.words)"
    case .neighborTarget(let match): "neighbor target \(match.words)"
    case .connectionAttempt(let isAttempt): "\(isAttempt ? "" : "not ")connection attempt"
    case .remembered(let key, let set, .opening): "of \(key.words) @\(set)"
    case .remembered(let key, let set, .answering): "answers \(key.words) @\(set)"
    }
  }
}

extension InterfaceMatch {
  fileprivate var words: String {
    switch self {
    case .equals(let name): "\(name)"
    case .differs(let name): "not \(name)"
    case .isIn(let set): "@\(set)"
    case .isNotIn(let set): "not @\(set)"
    }
  }
}

extension AddressMatch {
  fileprivate var words: String {
    switch operand {
    case .range(let range): "\(negated ? "not " : "")\(range)"
    case .set(let name, _): "\(negated ? "not " : "")@\(name)"
    }
  }
}

extension Limit {
  fileprivate var words: String {
    let meter = perSourceMeter.map { " per source @\($0)" } ?? ""
    return "within \(count)/\(unit.rawValue) burst \(burst)\(meter)"
  }
}

extension [PortRange] {
  fileprivate var words: String { map(\.description).joined(separator: "|") }
}

extension PacketMark {
  var words: String {
    let value = "0x" + String(self.value, radix: 16)
    return mask == .max ? value : value + "/0x" + String(mask, radix: 16)
  }
}

extension FlowKey {
  var words: String {
    switch self {
    case .ports(let family, let transport): "\(family.words) \(transport) flow"
    case .echo(let family): "\(family.words) echo"
    case .addresses(let family): "\(family.words) flow"
    }
  }
}

extension AddressFamily {
  var words: String {
    switch self {
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    }
  }
}
