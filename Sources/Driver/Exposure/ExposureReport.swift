import Diagnostics
package import HeaderSpace
package import PolicyModel

/// Who can reach what under a policy, as data. Fields are only ever added within one `version`.
package struct ExposureReport: Encodable, Sendable {
  package let version = 1
  /// The policy's name.
  package let policy: String
  package let networks: [Network]
  /// Networks whose traffic the host does not see, and so cannot judge.
  package let unseen: [String]
  package let flows: [FlowRecord]

  /// A network of the policy.
  package struct Network: Encodable, Sendable {
    package let name: String
    package let interface: String
    package let subnets: [String]
    package let guests: [Guest]
  }

  /// A container or VM.
  package struct Guest: Encodable, Sendable {
    package let name: String
    package let addresses: [String]
  }

  /// - Complexity: that of ``HeaderSpace/Exposure/init(_:)``.
  package init(_ installation: Installation, of policy: Policy, named name: String) {
    self.policy = name
    networks = policy.networks.filter(\.attachment.isSeenByHost).map { network in
      Network(
        name: network.name.value, interface: "\(network.attachment.interface.value)",
        subnets: network.subnets.map { "\($0.value)" },
        guests: network.guests.map { guest in
          Guest(
            name: guest.name.value, addresses: guest.addresses.map { "\($0.value)" })
        })
    }
    unseen = policy.networks.filter { !$0.attachment.isSeenByHost }.map(\.name.value)
    flows = Exposure(installation).rows.map { FlowRecord($0) }
  }
}
