import Netfilter
import NetworkTypes

/// Who may use which published port.
struct AdmissionTerms {
  private var chains: [DialedPort: String] = [:]
  private var wide: [(port: DialedPort, chain: String)] = []
  private var users: [String: PortUsers] = [:]
  /// The ports that the host's own processes may not use.
  private var closedToHost: Set<DialedPort> = []

  init(_ reader: TableReader) {
    for map in reader.table.verdictMaps where map.name.hasPrefix("admission") {
      for element in map.elements {
        guard case .goto(let chain) = element.verdict else { continue }
        for port in Self.ports(DialedKey(element.key), map) { chains[port] = chain }
      }
    }
    for map in reader.table.verdictMaps where map.name.hasPrefix("host-admission") {
      for element in map.elements where element.verdict != .return {
        closedToHost.formUnion(Self.ports(DialedKey(element.key), map))
      }
    }
    for rule in reader.chains["admission"]?.rules ?? [] {
      guard case .verdict(.goto(let chain))? = rule.actions.first, let port = Self.port(rule)
      else { continue }
      wide.append((port, chain))
    }
    for rule in reader.chains["host-admission"]?.rules ?? [] {
      guard rule.actions.contains(where: \.isVerdict), let port = Self.port(rule) else { continue }
      closedToHost.insert(port)
    }
    for chain in Set(chains.values).union(wide.map(\.chain)) {
      users[chain] = reader.users(by: chain)
    }
  }

  private static func ports(_ key: DialedKey, _ map: VerdictMap) -> [DialedPort] {
    guard let transport = key.transport, let ports = key.ports else { return [] }
    let family: AddressFamily = map.name.contains("admission6") ? .ipv6 : .ipv4
    return (ports.lower...ports.upper).map {
      DialedPort(
        transport: transport, family: family, address: key.address, ports: PortRange($0))
    }
  }

  private static func port(_ rule: Rule) -> DialedPort? {
    guard let key = DialedKey(rule: rule), let transport = key.transport, let ports = key.ports
    else { return nil }
    let family = key.address?.family ?? (rule.matches.contains(.family(.ipv6)) ? .ipv6 : .ipv4)
    return DialedPort(transport: transport, family: family, address: key.address, ports: ports)
  }

  /// Who may use the port; empty for everybody.
  func words(for port: PublishedPort) -> String {
    let key = DialedPort(
      transport: port.transport, family: port.family, address: port.address, ports: port.ports)
    guard let chain = chains[key] ?? wide.first(where: { $0.port == key })?.chain else {
      return ""
    }
    return users[chain]?.words(includingHost: !closedToHost.contains(key)) ?? ""
  }
}

extension Action {
  fileprivate var isVerdict: Bool { if case .verdict = self { true } else { false } }
}

/// Whom a chain lets in.
struct PortUsers {
  fileprivate(set) var sources: [String] = []
  fileprivate(set) var exceptions: [String] = []
  fileprivate(set) var clauses = ClauseWords()

  /// As the clauses of a line: `from office {10.0.0.0/8} limit 5/minute`.
  ///
  /// - Parameter includingHost: Whether the host's own processes, which come by no interface, may
  ///   use the port, too.
  func words(includingHost: Bool) -> String {
    let sources = includingHost && !self.sources.isEmpty ? self.sources + ["host"] : self.sources
    let exceptions =
      !includingHost && self.sources.isEmpty ? self.exceptions + ["host"] : self.exceptions
    let from = sources.isEmpty ? [] : ["from \(merged(sources))"]
    let except = exceptions.isEmpty ? [] : ["except \(merged(exceptions))"]
    return (from + except + clauses.words).joined(separator: " ")
  }
}

extension TableReader {
  /// Whom the chain lets in.
  func users(by chain: String) -> PortUsers {
    var users = PortUsers()
    read(chain, &users)
    return users
  }

  private func read(_ chain: String, _ users: inout PortUsers) {
    for rule in chains[chain]?.rules ?? [] {
      let side = SideWords(rule.matches, of: .source, self)
      let placed = Placed(rule)
      guard placed.location != nil else { continue }
      if placed.purpose == "except" {
        users.exceptions.append(side.words)
        continue
      }
      users.clauses.read(rule)
      if let via = side.via { users.clauses.add("via \(via)") }
      if side.isConfined, side.via == nil, !users.sources.contains(side.words) {
        users.sources.append(side.words)
      }
      // The limit of a line with several sources has a chain of its own.
      if case .verdict(.goto(let limit))? = rule.actions.last, limit != "denied",
        users.clauses.isWithoutLimit
      {
        read(limit, &users)
      }
    }
  }
}
