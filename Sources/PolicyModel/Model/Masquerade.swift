package import Diagnostics
package import NetworkTypes

/// How a network's traffic of one family leaves the host; one value for each family.
package struct Masquerade: Hashable, Sendable {
  package let family: AddressFamily
  /// The source to use; `nil` for the address of the leaving interface.
  package let address: AddressRange?
  /// The source ports to use; `nil` for the kernel's choice.
  package let ports: PortRange?
  package let randomness: SourcePortChoice
  /// Only what leaves by this interface.
  package let via: InterfaceName?
  package let span: SourceSpan

  package init(
    family: AddressFamily, address: AddressRange?, ports: PortRange?,
    randomness: SourcePortChoice, via: InterfaceName?, span: SourceSpan
  ) {
    self.family = family
    self.address = address
    self.ports = ports
    self.randomness = randomness
    self.via = via
    self.span = span
  }
}

/// How a source port is picked (`NF_NAT_RANGE_PROTO_RANDOM`, `…_RANDOM_FULLY`).
package enum SourcePortChoice: Hashable, Sendable {
  case kernel, random, fullyRandom
}

/// `snat CONTAINER as ADDRESS`: one guest's traffic leaves with an address of its own.
package struct GuestSourceNAT: Hashable, Sendable {
  /// The index of the guest in its network.
  package let guest: Int
  package let address: IPAddress
  package let span: SourceSpan

  package init(guest: Int, address: IPAddress, span: SourceSpan) {
    self.guest = guest
    self.address = address
    self.span = span
  }
}
