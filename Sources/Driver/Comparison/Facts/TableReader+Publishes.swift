import Netfilter
import NetworkTypes

/// The key that admission maps and publish maps share.
private struct DialedPort: Hashable {
  let transport: TransportProtocol
  let family: AddressFamily
  let address: IPAddress?
  let ports: PortRange
}

extension TableReader {
  /// One fact a port; ranges that maps hold as intervals stay whole.
  func publishes() -> [PublishFact] {
    let terms = AdmissionTerms(self)
    var result: [PublishFact] = []
    for map in table.addressMaps where map.name.hasPrefix("publish") {
      for element in map.elements { result += facts(element, of: map, terms) }
    }
    for rule in chains["publish"]?.rules ?? [] {
      if let fact = fact(rule, terms) { result.append(fact) }
    }
    for map in table.verdictMaps where map.name.hasPrefix("opened") {
      for element in map.elements { result += openedFacts(element) }
    }
    return result + wideOpenedFacts()
  }

  private func facts(
    _ element: AddressMap.Element, of map: AddressMap, _ terms: AdmissionTerms
  ) -> [PublishFact] {
    let key = DialedKey(element.key)
    guard let transport = key.transport ?? map.transport, let ports = key.ports else { return [] }
    func fact(_ ports: PortRange, _ target: UInt16) -> PublishFact {
      let port = PublishedPort(
        transport: transport, family: map.family, address: key.address, ports: ports,
        isOpened: false)
      return PublishFact(
        port: port, target: PublishTarget(address: element.address, port: target),
        terms: terms.words(for: port), location: element.origin?.location)
    }
    guard map.rewritesPort, let first = element.port else { return [fact(ports, ports.lower)] }
    return (0..<ports.count).map {
      fact(PortRange(ports.lower + UInt16($0)), first + UInt16($0))
    }
  }

  /// A large range on one address is a rule.
  private func fact(_ rule: Rule, _ terms: AdmissionTerms) -> PublishFact? {
    guard case .destinationNAT(.address(let target))? = rule.actions.first,
      let dialed = DialedKey(rule: rule), let transport = dialed.transport,
      let ports = dialed.ports
    else { return nil }
    let port = PublishedPort(
      transport: transport, family: target.family, address: dialed.address, ports: ports,
      isOpened: false)
    return PublishFact(
      port: port, target: PublishTarget(address: target, port: ports.lower),
      terms: terms.words(for: port), location: Placed(rule).location)
  }

  private func openedFacts(_ element: VerdictMap.Element) -> [PublishFact] {
    let key = DialedKey(element.key)
    guard let address = key.address, let transport = key.transport, let ports = key.ports else {
      return []
    }
    var terms = ""
    if case .jump(let chain) = element.verdict { terms = admission(by: chain) }
    return (0..<ports.count).map { offset in
      openedFact(
        transport, address, PortRange(ports.lower + UInt16(offset)), terms,
        element.origin?.location)
    }
  }

  private func openedFact(
    _ transport: TransportProtocol, _ address: IPAddress, _ ports: PortRange, _ terms: String,
    _ location: String?
  ) -> PublishFact {
    PublishFact(
      port: PublishedPort(
        transport: transport, family: address.family, address: address, ports: ports,
        isOpened: true),
      target: PublishTarget(address: address, port: ports.lower), terms: terms,
      location: location)
  }

  /// Large opened ranges are rules of the networks' chains.
  private func wideOpenedFacts() -> [PublishFact] {
    table.chains.filter { $0.name.hasPrefix("to-") }.flatMap(\.rules).compactMap { rule in
      let placed = Placed(rule)
      guard placed.purpose == "published", placed.location != nil,
        let key = DialedKey(rule: rule), let address = key.address,
        let transport = key.transport, let ports = key.ports
      else { return nil }
      return openedFact(transport, address, ports, "", placed.location)
    }
  }
}

/// The parts of a key or of a rule's conditions that tell a published port.
private struct DialedKey {
  private(set) var address: IPAddress?
  private(set) var transport: TransportProtocol?
  private(set) var ports: PortRange?

  init(_ key: [KeyValue]) {
    for value in key {
      switch value {
      case .address(let address): self.address = address
      case .transport(let transport): self.transport = transport
      case .ports(let ports): self.ports = ports
      case .interface: continue
      }
    }
  }

  init?(rule: Rule) {
    for match in rule.matches {
      if case .destination(let match) = match, case .range(let range) = match.operand {
        address = range.first
      }
      if case .transport(let transport) = match { self.transport = transport }
      if case .destinationPort(let ports) = match { self.ports = ports.first }
    }
    if ports == nil { return nil }
  }
}

/// Who may use which published port.
struct AdmissionTerms {
  private var chains: [DialedPort: String] = [:]
  private var wide: [(port: DialedPort, chain: String)] = []
  private var words: [String: String] = [:]

  init(_ reader: TableReader) {
    for map in reader.table.verdictMaps where map.name.hasPrefix("admission") {
      let family: AddressFamily = map.name.hasPrefix("admission6") ? .ipv6 : .ipv4
      for element in map.elements {
        guard case .goto(let chain) = element.verdict else { continue }
        add(DialedKey(element.key), family, chain)
      }
    }
    for rule in reader.chains["admission"]?.rules ?? [] {
      guard case .verdict(.goto(let chain))? = rule.actions.first, let key = DialedKey(rule: rule)
      else { continue }
      let family = key.address?.family ?? (rule.matches.contains(.family(.ipv6)) ? .ipv6 : .ipv4)
      if let port = Self.port(key, family) { wide.append((port, chain)) }
    }
    for chain in Set(chains.values).union(wide.map(\.chain)) {
      words[chain] = reader.admission(by: chain)
    }
  }

  private mutating func add(_ key: DialedKey, _ family: AddressFamily, _ chain: String) {
    guard let port = Self.port(key, family) else { return }
    for offset in 0..<port.ports.count {
      let single = DialedPort(
        transport: port.transport, family: family, address: port.address,
        ports: PortRange(port.ports.lower + UInt16(offset)))
      chains[single] = chain
    }
  }

  private static func port(_ key: DialedKey, _ family: AddressFamily) -> DialedPort? {
    guard let transport = key.transport, let ports = key.ports else { return nil }
    return DialedPort(transport: transport, family: family, address: key.address, ports: ports)
  }

  /// Who may use the port; empty for everybody.
  func words(for port: PublishedPort) -> String {
    let key = DialedPort(
      transport: port.transport, family: port.family, address: port.address, ports: port.ports)
    let chain = chains[key] ?? wide.first { $0.port == key }?.chain
    return chain.flatMap { words[$0] } ?? ""
  }
}

extension TableReader {
  /// Whom the chain lets in, as the clauses of a line: `from office {10.0.0.0/8} limit 5/minute`.
  func admission(by chain: String) -> String {
    var sources: [String] = []
    var exceptions: [String] = []
    var clauses = ClauseWords()
    var pending = chains[chain]?.rules ?? []
    while !pending.isEmpty {
      let rule = pending.removeFirst()
      let side = SideWords(rule.matches, of: .source, self)
      let placed = Placed(rule)
      guard placed.location != nil else { continue }
      switch placed.purpose {
      case "except": exceptions.append(side.words)
      case "too many connections": clauses.read(rule)
      default:
        clauses.read(rule)
        if side.isConfined, !sources.contains(side.words) { sources.append(side.words) }
        if case .verdict(.goto(let limit))? = rule.actions.last {
          pending += (chains[limit]?.rules ?? []).filter { _ in pending.isEmpty }
        }
      }
    }
    let from = sources.isEmpty ? [] : ["from " + sources.joined(separator: ", ")]
    let except = exceptions.isEmpty ? [] : ["except " + exceptions.joined(separator: ", ")]
    return (from + except + clauses.words).joined(separator: " ")
  }
}
