package import Diagnostics
package import NetworkTypes

/// What a policy means: all names resolved, all values read.
///
/// Lists keep the order of the source. Whether it makes sense is for ``ResolvedPolicy/check(_:)`` to say.
package struct Policy: Sendable {
  /// The interfaces that lead to the world; empty where the policy names none, and then every
  /// interface that is no network's is one.
  package var uplinks: [Sourced<InterfaceName>] = []
  package var lists: [AddressList] = []
  package var networks: [Network] = []
  package var publishes: [Publish] = []
  /// Who may use the published ports that not everybody may; publishes name them by index.
  package var terms: [Publish.Terms] = []
  /// `allow`, `deny` and `reject` lines, those inside networks included.
  package var access: [AccessRule] = []
  package var defaults: [AccessRule] = []
  package var expectations: [AccessRule] = []
  /// `log denied`, if it was said.
  package var deniedLog: DeniedLog?
  package var mssClamp: Sourced<MSSClamp>?
  /// Whether applying the policy may set sysctls (`manage`, the default) or only checks them.
  package var managesSysctls = true

  package init() {}
}

/// A named set of addresses.
package struct AddressList: Sendable {
  package let name: Sourced<String>
  package let addresses: AddressSet

  package init(name: Sourced<String>, addresses: AddressSet) {
    self.name = name
    self.addresses = addresses
  }
}

/// `log denied`: what no line allows is logged before it is dropped.
package struct DeniedLog: Hashable, Sendable {
  package let limit: RateLimit?
  package let span: SourceSpan

  package init(limit: RateLimit?, span: SourceSpan) {
    self.limit = limit
    self.span = span
  }
}

/// The largest TCP segment that passing connections agree on.
package enum MSSClamp: Hashable, Sendable {
  /// What the path's MTU allows.
  case pathMTU
  /// A fixed number of bytes: 1...65535.
  case bytes(UInt16)
}
