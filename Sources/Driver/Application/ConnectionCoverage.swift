import Diagnostics
import NetworkTypes
import PolicyModel

/// What the lines of a policy say of a connection to this host.
struct ConnectionCoverage {
  private let connection: SSHConnection
  private let policy: Policy

  init(_ connection: SSHConnection, _ policy: Policy) {
    self.connection = connection
    self.policy = policy
  }

  /// Whether the connection, made anew, may be refused: by a line, or by a default that no line is
  /// sure to lift.
  var isRefused: Bool {
    if policy.access.contains(where: { $0.verb != .allow && mayCover($0) }) { return true }
    if policy.access.contains(where: { $0.verb == .allow && isSureToCover($0) }) { return false }
    return policy.defaults.contains { $0.verb != .allow && mayCover($0) }
  }

  private func mayCover(_ rule: AccessRule) -> Bool {
    rule.sources.contains(where: isClient) && rule.destinations.contains(where: isServer)
      && !rule.sourceExceptions.contains(where: isClient)
      && !rule.destinationExceptions.contains(where: isServer)
      && (rule.services.isEmpty || rule.services.contains(where: isCarrying))
  }

  // Beyond a limit, or by another interface, the line covers nothing.
  private func isSureToCover(_ rule: AccessRule) -> Bool {
    mayCover(rule) && rule.clauses.via == nil && rule.clauses.limit == nil
      && rule.clauses.connections == nil
  }

  private func isClient(_ peer: Peer) -> Bool {
    let address = connection.client.address
    return switch peer {
    case .network(let index): isMember(of: policy.networks[index])
    case .guest(let network, let guest):
      policy.networks[network].guests[guest].addresses.contains { $0.value == address }
    case .addresses(let addresses): addresses.contains(address)
    case .host: false
    case .world: !policy.networks.contains(where: isMember)
    case .any: true
    }
  }

  private func isMember(of network: Network) -> Bool {
    network.subnets.contains { $0.value.contains(connection.client.address) }
  }

  private func isServer(_ peer: Peer) -> Bool {
    switch peer {
    case .host, .any: true
    case .addresses(let addresses): addresses.contains(connection.server.address)
    case .network, .guest, .world: false
    }
  }

  private func isCarrying(_ service: ServiceMatch) -> Bool {
    switch service {
    case .transport(let transport): transport == .tcp
    case .ports(let transport, let ranges):
      transport == .tcp && ranges.contains { $0.contains(connection.server.port) }
    case .icmp: false
    }
  }
}
