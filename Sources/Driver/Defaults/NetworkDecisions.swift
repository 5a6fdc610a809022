import Diagnostics
import NetworkTypes
import PolicyModel
import Syntax

extension DecisionCollector {
  /// What a network leaves open.
  mutating func addNetwork(_ network: Network) {
    let statements = written.statements(ofNetworkNamed: network.name.span)
    addGateway(network, statements)
    if network.attachment.isSeenByHost {
      addMembers(network)
      addPaths(network)
    }
    for masquerade in network.masquerades { addMasquerade(masquerade, of: network) }
  }

  private mutating func add(
    _ setting: String, _ value: String, _ meaning: String, of network: Network
  ) {
    let subject = "network \(network.name.value)"
    add(setting, value, meaning, of: subject, at: network.name.span)
  }

  private mutating func addGateway(_ network: Network, _ statements: [Statement]) {
    let isWritten = statements.contains { if case .gateway = $0 { true } else { false } }
    guard !isWritten, !network.gateways.isEmpty else { return }
    let addresses = network.gateways.map(\.description).joined(separator: ", ")
    add("gateway", addresses, "the host's own address: the first of each subnet", of: network)
  }

  private mutating func addMembers(_ network: Network) {
    if network.icc.span == nil {
      add("icc", "on", "its containers may talk to each other", of: network)
    }
    if network.isolation.span == nil {
      add(
        "isolation", network.isolation.value.rawValue,
        "nothing to or from other networks but by `allow`, and their published ports",
        of: network)
    }
    if network.antispoof.span == nil {
      add("antispoof", "off", "a container may send with another's address", of: network)
    }
    if network.served.isEmpty {
      add("serve", "nothing", "no service of the host is opened for it", of: network)
    }
  }

  private mutating func addPaths(_ network: Network) {
    if network.isInternal { return }
    add("internal", "no", "its containers reach the world", of: network)
    for family in AddressFamily.allCases where !network.subnets(of: family).isEmpty {
      if network.isTranslated(family) { continue }
      add(
        "masquerade \(family.name)", "none",
        "packets keep their source; published ports, ICMP echo and errors come in", of: network)
    }
    if network.directAccess.span == nil, network.masquerades.count > 0 {
      add(
        "direct access", "off", "the world reaches published ports only, on host addresses",
        of: network)
    }
  }

  private mutating func addMasquerade(_ masquerade: Masquerade, of network: Network) {
    let setting = "masquerade \(masquerade.family.name)"
    if masquerade.address == nil {
      add(
        "\(setting) as", "the leaving interface's", "packets leave with its address",
        of: network)
    }
    if masquerade.ports == nil, masquerade.randomness == .kernel {
      add("\(setting) ports", "kept", "source ports change only where they clash", of: network)
    }
  }
}

extension AddressFamily {
  /// The word that policies use.
  fileprivate var name: String {
    switch self {
    case .ipv4: "ipv4"
    case .ipv6: "ipv6"
    }
  }
}
