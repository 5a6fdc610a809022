package import Netfilter
package import NetworkTypes

/// What the model knows of a host beside its rules.
///
/// Nothing is guessed beyond it: an interface that is not listed cannot be entered or left by, and
/// what hangs on no known port is not known to hang on one.
package struct Topology: Hashable, Sendable {
  /// All interfaces, `lo` included, in the order of their numbers where that is known.
  package var interfaces: [Interface]
  /// Routes beyond those to the prefixes of the interfaces' own addresses, which are implied.
  package var routes: [Route]
  /// Who is behind which interface. Whoever is not listed may still be behind an interface that is
  /// no bridge.
  package var neighbors: [Neighbor]
  /// Whether the host routes (`net.ipv4.ip_forward`, `net.ipv6.conf.all.forwarding`).
  package var forwards: Set<AddressFamily>
  /// For which families frames between ports of bridges pass the IP rules
  /// (`net.bridge.bridge-nf-call-iptables`, `-ip6tables`).
  package var filtersBridged: Set<AddressFamily>
  /// Whether IPv4 packets are dropped that come in by another interface than answers would leave by
  /// (`net.ipv4.conf.all.rp_filter` 1).
  package var checksReversePaths: Bool
  /// What the kernel can, beside what every supported one does.
  package var capabilities: Set<Capability>
  /// Where the host carries packets of multicast groups.
  package var multicastRoutes: [MulticastRoute]

  package init(
    interfaces: [Interface], routes: [Route] = [], neighbors: [Neighbor] = [],
    forwards: Set<AddressFamily> = [.ipv4, .ipv6],
    filtersBridged: Set<AddressFamily> = [], checksReversePaths: Bool = false,
    capabilities: Set<Capability> = [], multicastRoutes: [MulticastRoute] = []
  ) {
    self.interfaces = interfaces
    self.routes = routes
    self.neighbors = neighbors
    self.forwards = forwards
    self.filtersBridged = filtersBridged
    self.checksReversePaths = checksReversePaths
    self.capabilities = capabilities
    self.multicastRoutes = multicastRoutes
  }
}

extension Topology {
  /// An interface of the host.
  package struct Interface: Hashable, Sendable {
    package var name: InterfaceName
    package var kind: Kind
    /// The host's own addresses there, the preferred one of each prefix first.
    package var addresses: [OwnAddress]
    /// `nil` where it is not known.
    package var hardwareAddress: MACAddress?
    /// Whether packets with addresses of 127.0.0.0/8 may come and go here
    /// (`net.ipv4.conf.NAME.route_localnet`).
    package var routesLoopback: Bool

    package init(
      _ name: InterfaceName, _ kind: Kind, _ addresses: [OwnAddress] = [],
      hardwareAddress: MACAddress? = nil, routesLoopback: Bool = false
    ) {
      self.name = name
      self.kind = kind
      self.addresses = addresses
      self.hardwareAddress = hardwareAddress
      self.routesLoopback = routesLoopback
    }

    /// What an interface is for the path of packets.
    package enum Kind: Hashable, Sendable {
      case loopback
      /// A card, a tap, one end of a cable: what comes in is for the host to judge.
      case plain
      case bridge
      /// A port of a bridge; with `returnsFrames` a frame may leave by the port that it came in by
      /// (hairpin mode).
      case port(of: InterfaceName, returnsFrames: Bool)
    }
  }

  /// An address of the host with the length in bits of the prefix that is on the link.
  package struct OwnAddress: Hashable, Sendable {
    package var address: IPAddress
    package var length: Int

    /// - Requires: `length` is at most the width of the address.
    package init(_ address: IPAddress, length: Int) {
      self.address = address
      self.length = length
    }

    /// The addresses that are on the link.
    package var prefix: AddressPrefix { AddressPrefix(masking: address, length: length) }
  }

  /// A way to a prefix.
  package struct Route: Hashable, Sendable {
    package var prefix: AddressPrefix
    package var interface: InterfaceName
    /// The next router; `nil` where the prefix is on the link.
    package var gateway: IPAddress?
    /// The source that the host itself takes there; `nil` for the interface's.
    package var source: IPAddress?

    package init(
      _ prefix: AddressPrefix, by interface: InterfaceName, gateway: IPAddress? = nil,
      source: IPAddress? = nil
    ) {
      self.prefix = prefix
      self.interface = interface
      self.gateway = gateway
      self.source = source
    }
  }

  /// A machine on a link of the host.
  package struct Neighbor: Hashable, Sendable {
    package var addresses: [IPAddress]
    /// A port of a bridge, or an interface that is no bridge.
    package var interface: InterfaceName
    /// `nil` where it is not known.
    package var hardwareAddress: MACAddress?

    package init(
      _ addresses: [IPAddress], behind interface: InterfaceName,
      hardwareAddress: MACAddress? = nil
    ) {
      self.addresses = addresses
      self.interface = interface
      self.hardwareAddress = hardwareAddress
    }
  }

  /// What the host does with packets to a group that come in by an interface.
  package struct MulticastRoute: Hashable, Sendable {
    package var group: IPAddress
    package var input: InterfaceName
    package var outputs: [InterfaceName]

    package init(
      _ group: IPAddress, from input: InterfaceName, to outputs: [InterfaceName]
    ) {
      self.group = group
      self.input = input
      self.outputs = outputs
    }
  }
}
