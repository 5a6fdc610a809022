import Netfilter
import NetworkTypes

extension TableReader {
  /// The flows that lines judge; the frames of the bridge table are the same ones again.
  func flows() -> [FlowFact] {
    var result: [FlowFact] = []
    var seen: Set<FlowFact> = []
    for name in ["forward", "forward-defaults", "input", "output"] {
      for rule in chains[name]?.rules ?? [] {
        for fact in facts(rule, in: name) where seen.insert(fact).inserted { result.append(fact) }
      }
    }
    for (map, verb) in [
      ("denied4", "deny"), ("denied6", "deny"), ("allowed4", "allow"),
      ("allowed6", "allow"),
    ] {
      for element in table.verdictMaps.first(where: { $0.name == map })?.elements ?? [] {
        for fact in facts(element, verb) where seen.insert(fact).inserted { result.append(fact) }
      }
    }
    return result
  }

  private func facts(_ element: VerdictMap.Element, _ verb: String) -> [FlowFact] {
    guard element.key.count == 5, case .address(let source) = element.key[1],
      case .address(let destination) = element.key[2],
      case .transport(let transport) = element.key[3], case .ports(let ports) = element.key[4]
    else { return [] }
    return (ports.lower...ports.upper).map { port in
      FlowFact(
        content: FlowFact.Content(
          verb: verb, source: names.words(source), destination: names.words(destination),
          service: "\(transport) \(port)", clauses: ""),
        location: element.origin?.location)
    }
  }

  private func facts(_ rule: Rule, in chain: String) -> [FlowFact] {
    let placed = Placed(rule)
    guard placed.location != nil, placed.purpose == nil else { return [] }
    let source = SideWords(rule.matches, of: .source, self, isHost: chain == "output")
    let destination = SideWords(rule.matches, of: .destination, self, isHost: chain == "input")
    var clauses = ClauseWords()
    if let via = source.via ?? destination.via { clauses.add("via \(via)") }
    clauses.read(rule)
    guard let verb = verb(rule, &clauses) else { return [] }
    return services(rule.matches).map { service in
      FlowFact(
        content: FlowFact.Content(
          verb: verb, source: source.words, destination: destination.words, service: service,
          clauses: clauses.words.joined(separator: " ")),
        location: placed.location)
    }
  }

  /// What becomes of the packets; where a chain of the line's own decides, what that says.
  private func verb(_ rule: Rule, _ clauses: inout ClauseWords) -> String? {
    for action in rule.actions {
      switch action {
      case .verdict(.accept): return "allow"
      case .verdict(.drop), .verdict(.goto("denied")): return "deny"
      case .reject, .verdict(.goto("rejected")): return "reject"
      case .verdict(.jump(let chain)): return verb(ofChain: chain, &clauses)
      case .verdict(.goto), .verdict(.return), .counter, .log, .setMark, .dispatch,
        .destinationNAT, .sourceNAT, .masquerade, .clampMSS, .fixChecksum, .remember,
        .learnOutputInterface:
        continue
      }
    }
    return nil
  }

  private func verb(ofChain name: String, _ clauses: inout ClauseWords) -> String? {
    var result: String?
    for rule in chains[name]?.rules ?? [] {
      guard Placed(rule).purpose == "except" else {
        clauses.read(rule)
        result = rule.actions.contains(.verdict(.return)) ? result : verb(rule, &clauses) ?? result
        continue
      }
      let source = SideWords(rule.matches, of: .source, self)
      let destination = SideWords(rule.matches, of: .destination, self)
      clauses.add("except \(source.isConfined ? source.words : destination.words)")
    }
    return result
  }

  /// What is carried; one empty text for everything.
  func services(_ matches: [Match]) -> [String] {
    var transport: TransportProtocol?
    var family: AddressFamily?
    for match in matches {
      switch match {
      case .family(let own): family = own
      case .transport(let own): transport = own
      case .destinationPort(let ports):
        return ports.map { "\(transport.map { "\($0)" } ?? "port") \($0)" }
      case .icmp(let family, let type, let code):
        let name = family == .ipv4 ? "icmp" : "icmpv6"
        return ["\(name) type \(type)" + (code.map { " code \($0)" } ?? "")]
      case .inputInterface, .outputInterface, .inputBridge, .outputBridge, .source, .destination,
        .sourceIsLocal, .destinationIsLocal, .sourcePort, .connectionState,
        .destinationTranslated, .originalDirection, .mark, .limit, .connectionsOver, .sourceMAC,
        .etherType, .arpSenderAddress, .arpSenderMAC, .arpTargetAddress, .neighborTarget,
        .connectionAttempt, .remembered:
        continue
      }
    }
    if let transport { return ["\(transport)"] }
    // Addresses say of which family they are.
    let isSaid = matches.contains(where: \.comparesAddress)
    return [family.flatMap { isSaid ? nil : "IPv\($0.rawValue)" } ?? ""]
  }
}

extension Match {
  fileprivate var comparesAddress: Bool {
    if case .source = self { return true }
    if case .destination = self { return true }
    return false
  }
}
