package import NetworkTypes

/// Where a packet enters the host.
package enum Ingress: Hashable, Sendable {
  /// The host itself sends it.
  case host
  /// A frame that comes in by an interface: a plain one, or a port of a bridge.
  case interface(InterfaceName, for: LinkDestination = .owner)
}

/// Whose hardware address a frame is for.
package enum LinkDestination: Hashable, Sendable {
  /// That of the neighbor on the same link who has the destination address, or the host's where
  /// there is none: what a sender with the right routes does. Of a multicast or broadcast address,
  /// everybody's.
  case owner
  /// The host's, whoever has the destination address.
  case host
}
