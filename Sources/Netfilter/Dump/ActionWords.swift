import NetworkTypes

extension Action {
  /// The effect in words, as dumps show it.
  package var words: String {
    switch self {
    case .counter: "count"
    case .log(let prefix): "log \"\(prefix)\""
    case .setMark(let mark): "set mark \(mark.words)"
    case .verdict(let verdict): verdict.words
    case .reject(.prohibited): "reject as prohibited"
    case .reject(.tcpReset): "reject by TCP reset"
    case .dispatch(let fields, let map): "look up \(fields.summary) in @\(map)"
    case .destinationNAT(.address(let address)): "destination becomes \(address)"
    case .destinationNAT(.map(let map)): "destination becomes that in @\(map)"
    case .sourceNAT(let translation): translation.words
    case .masquerade(let ports, let order):
      "masquerade" + (ports.map { " ports \($0)" } ?? "") + order.words
    case .clampMSS(let size): "clamp MSS to \(size.map { "\($0)" } ?? "path MTU")"
    case .fixChecksum: "fix checksum"
    case .remember(let key, let set): "remember \(key.words) in @\(set)"
    case .learnOutputInterface(let set): "remember output interface in @\(set)"
    }
  }
}

extension Verdict {
  /// The verdict in words, as dumps show it.
  package var words: String {
    switch self {
    case .accept: "accept"
    case .drop: "drop"
    case .return: "return"
    case .jump(let chain): "jump \(chain)"
    case .goto(let chain): "goto \(chain)"
    }
  }
}

extension SourceNAT {
  fileprivate var words: String {
    "source becomes \(addresses)" + (ports.map { " ports \($0)" } ?? "") + order.words
  }
}

extension SourcePortOrder {
  fileprivate var words: String {
    switch self {
    case .kernel: ""
    case .random: " at random"
    case .fullyRandom: " fully at random"
    }
  }
}

extension [KeyField] {
  /// The fields of a key in words.
  package var summary: String { map(\.words).joined(separator: " . ") }
}

extension KeyField {
  fileprivate var words: String {
    switch self {
    case .inputInterface: "input interface"
    case .outputInterface: "output interface"
    case .sourceAddress(let family): "\(family.words) source"
    case .destinationAddress(let family): "\(family.words) destination"
    case .transport: "protocol"
    case .destinationPort: "destination port"
    }
  }
}

extension NamedSet.Content {
  var summary: String {
    switch self {
    case .addresses(let family, _): "\(family.words) addresses"
    case .interfaces: "interfaces"
    case .flows(let key, let timeout): "\(key.words)s, forgotten after \(timeout) s"
    case .learnedInterfaces(let timeout): "interfaces seen, forgotten after \(timeout) s"
    case .meter(let family): "meter of \(family.words) sources"
    }
  }
}
