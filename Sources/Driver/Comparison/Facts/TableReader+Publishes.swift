import Netfilter
import NetworkTypes

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
    if case .jump(let chain) = element.verdict {
      terms = users(by: chain).words(includingHost: true)
    }
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
