package import Diagnostics
package import NetworkTypes

/// A network of containers or VMs, with its prefixes and settings.
package struct Network: Sendable {
  package var name: Sourced<String>
  package var attachment: Attachment
  package var subnets: [Sourced<AddressPrefix>] = []
  /// The host's own addresses in the network: one of each subnet.
  package var gateways: [IPAddress] = []
  /// The ranges that DHCP hands out.
  package var pools: [Sourced<AddressRange>] = []
  package var masquerades: [Masquerade] = []
  package var sourceNATs: [GuestSourceNAT] = []
  /// Whether members may talk to each other. `span` is `nil` where nothing was said.
  package var icc = Setting(true)
  package var isolation = Setting(Isolation.on)
  /// The place of `internal`, if it was said.
  package var internalSpan: SourceSpan?
  package var directAccess = Setting(false)
  /// Who may use `direct access on`; empty for everybody.
  package var directAccessSources: [Peer] = []
  package var served: [ServedService] = []
  package var antispoof = Setting(false)
  package var guests: [Guest] = []
  package var span: SourceSpan

  package init(name: Sourced<String>, attachment: Attachment, span: SourceSpan) {
    self.name = name
    self.attachment = attachment
    self.span = span
  }

  /// No path to or from the world.
  package var isInternal: Bool { internalSpan != nil }

  /// Whether the network's addresses of `family` are hidden behind the host's.
  package func isTranslated(_ family: AddressFamily) -> Bool {
    masquerades.contains { $0.family == family }
  }

  /// The prefixes of `family`.
  package func subnets(of family: AddressFamily) -> [AddressPrefix] {
    subnets.lazy.map(\.value).filter { $0.family == family }
  }

  /// The host's own addresses of `family` in the network.
  package func gateways(of family: AddressFamily) -> [IPAddress] {
    gateways.filter { $0.family == family }
  }
}

/// A setting, and where it was said.
package struct Setting<Value: Hashable & Sendable>: Hashable, Sendable {
  package var value: Value
  /// `nil` for the implied default.
  package var span: SourceSpan?

  package init(_ value: Value, at span: SourceSpan? = nil) {
    self.value = value
    self.span = span
  }
}

/// How a network treats the other networks of the host.
package enum Isolation: String, CaseIterable, Hashable, Sendable {
  /// No traffic but by `allow`; published ports are reachable through a host address.
  case on
  /// As `on`, and published ports are not reachable either.
  case strict
  /// Open to every other network that is `off` too.
  case off
}

/// How a network hangs on the host.
package struct Attachment: Sendable {
  /// What carries the network.
  package enum Kind: Hashable, Sendable {
    /// A Linux bridge, with the ports that the policy names.
    case bridge(ports: [Sourced<InterfaceName>])
    case macvlan(MacvlanMode)
    case ipvlan(IPVlanMode)
    case openvswitch
    /// A tap, veth or other routed link.
    case interface
  }

  package let kind: Kind
  /// The bridge, link, or parent.
  package let interface: Sourced<InterfaceName>
  package let span: SourceSpan

  package init(kind: Kind, interface: Sourced<InterfaceName>, span: SourceSpan) {
    self.kind = kind
    self.interface = interface
    self.span = span
  }

  /// Whether the host's IP layer sees the network's traffic at all.
  package var isSeenByHost: Bool {
    switch kind {
    case .bridge, .openvswitch, .interface: true
    case .macvlan, .ipvlan: false
    }
  }
}

/// ip-link(8), "macvlan".
package enum MacvlanMode: String, CaseIterable, Hashable, Sendable {
  case bridge, `private`, vepa, passthru
}

/// ip-link(8), "ipvlan".
package enum IPVlanMode: String, CaseIterable, Hashable, Sendable {
  case l2, l3, l3s
}

/// A container or VM of a network.
package struct Guest: Sendable {
  package let name: Sourced<String>
  package let addresses: [Sourced<IPAddress>]
  package let mac: Sourced<MACAddress>?
  package let span: SourceSpan

  package init(
    name: Sourced<String>, addresses: [Sourced<IPAddress>], mac: Sourced<MACAddress>?,
    span: SourceSpan
  ) {
    self.name = name
    self.addresses = addresses
    self.mac = mac
    self.span = span
  }

  /// The guest's addresses of `family`.
  package func addresses(of family: AddressFamily) -> [IPAddress] {
    addresses.lazy.map(\.value).filter { $0.family == family }
  }
}

/// A service that the host offers on a network's gateway addresses.
package struct ServedService: Sendable {
  /// What is offered.
  package enum Kind: Hashable, Sendable {
    /// UDP 67 (RFC 2131) and 547 (RFC 8415).
    case dhcp
    /// UDP and TCP 53 (RFC 1035).
    case dns
    /// UDP 69 (RFC 1350).
    case tftp
    /// ICMPv6 router solicitation and advertisement (RFC 4861).
    case routerAdvertisement
    /// UDP 123 (RFC 5905).
    case ntp
    /// A declared service.
    case custom([ServiceMatch])
  }

  package let kind: Kind
  package let span: SourceSpan

  package init(kind: Kind, span: SourceSpan) {
    self.kind = kind
    self.span = span
  }
}

extension ServedService.Kind {
  /// What reaches the service at a gateway address.
  package var services: [ServiceMatch] {
    func ports(_ transport: TransportProtocol, _ port: UInt16) -> ServiceMatch {
      .ports(transport, [PortRange(port)])
    }
    switch self {
    case .dhcp: return [ports(.udp, 67), ports(.udp, 547)]
    case .dns: return [ports(.udp, 53), ports(.tcp, 53)]
    case .tftp: return [ports(.udp, 69)]
    case .ntp: return [ports(.udp, 123)]
    case .routerAdvertisement: return [.icmp(.ipv6, ICMPType(type: 133))]
    case .custom(let services): return services
    }
  }
}
