import Diagnostics
import NetworkTypes
import PolicyModel
import TestSupport

/// Builds the topology that a policy speaks of: its networks and their members, and what lines of
/// its file of probes add.
///
/// The lines are `uplink ADDRESSES` (the host's own there, with lengths), `owns ADDRESSES` (further
/// ones), `outside NAME ADDRESSES` (a machine beyond the uplink), `guest NAME on NETWORK ADDRESSES`
/// (one that the policy does not name), `client NAME on NETWORK [mac MAC] ADDRESSES` (one that has to
/// ask for these addresses), `leg CONTAINER of CONTAINER` (the first is a further interface of the
/// second), and `rp_filter` (the host drops IPv4 packets that come from where no answer would go).
/// Where no `uplink` line stands, the host is 192.0.2.1 and 2001:db8:f::1 and has the machines
/// `lan`, which routes to every network by way of the host, and `far`, which routes to none.
struct PolicyPlan {
  private let policy: Policy
  private var uplinkAddresses: [InterfaceAddress]?
  private var hostExtra: [IPAddress] = []
  private var outside: [(name: String, addresses: [InterfaceAddress])] = []
  private var guests: [Member] = []
  /// Containers that are interfaces of others.
  private var legs: [(name: String, owner: String)] = []
  private var checksReversePaths = false

  /// A guest that the policy does not name.
  private struct Member {
    let name: String
    let network: String
    let addresses: [IPAddress]
    let hardwareAddress: [UInt8]?
    let asksForAddresses: Bool
  }

  init(of policy: Policy) { self.policy = policy }

  /// The first words of the lines.
  static let keywords: Set<String> = [
    "uplink", "owns", "outside", "guest", "client", "leg", "rp_filter",
  ]

  /// Takes a line that begins with a keyword.
  mutating func read(_ text: String, line: Int) throws(ExpectationParser.ParseError) {
    var words = text.split { $0 == " " || $0 == "," }.map(String.init)[...]
    func error() -> ExpectationParser.ParseError {
      .init(line: line, message: "cannot read: \(text)")
    }
    func addresses(_ words: ArraySlice<String>) throws(ExpectationParser.ParseError)
      -> [InterfaceAddress]
    {
      let addresses = words.compactMap(InterfaceAddress.init)
      guard addresses.count == words.count, !addresses.isEmpty else { throw error() }
      return addresses
    }
    switch words.popFirst() {
    case "uplink": uplinkAddresses = try addresses(words)
    case "owns": hostExtra += try addresses(words).map(\.address)
    case "outside":
      guard let name = words.popFirst() else { throw error() }
      outside.append((name, try addresses(words)))
    case let keyword? where keyword == "guest" || keyword == "client":
      guard let name = words.popFirst(), words.popFirst() == "on", let network = words.popFirst(),
        policy.networks.contains(where: { $0.name.value == network })
      else { throw error() }
      var mac: MACAddress?
      if words.first == "mac" {
        mac = words.dropFirst().first.flatMap(MACAddress.init)
        guard mac != nil else { throw error() }
        words = words.dropFirst(2)
      }
      guests.append(
        Member(
          name: name, network: network, addresses: try addresses(words).map(\.address),
          hardwareAddress: mac?.bytes, asksForAddresses: keyword == "client"))
    case "leg":
      guard words.count == 3, let name = words.popFirst(), words.popFirst() == "of",
        let owner = words.popFirst()
      else { throw error() }
      legs.append((name, owner))
    case "rp_filter": checksReversePaths = true
    default: throw error()
    }
  }

  /// The topology, when all lines are read.
  var plan: TopologyPlan {
    let uplink = uplink
    let networks = policy.networks.filter(\.attachment.isSeenByHost)
    let segments = networks.map(\.segment)
    let host = Station(
      "host", on: uplink, .host, uplink.hostAddresses, extraAddresses: hostExtra)
    let guests = policy.networks.flatMap { stations(of: $0, uplink) }
    return TopologyPlan(
      segments + (segments.contains(uplink) ? [] : [uplink]),
      [host] + outsideStations(uplink) + joined(guests),
      aliases: legs.map { leg in
        let addresses = guests.first { $0.name == leg.name }?.addresses ?? []
        return .init(leg.name, of: leg.owner, addresses.map(\.address))
      }, checksReversePaths: checksReversePaths)
  }

  /// The machines, those that are interfaces of others joined to them.
  private func joined(_ guests: [Station]) -> [Station] {
    guests.filter { guest in !legs.contains { $0.name == guest.name } }.map { guest in
      let own = legs.filter { $0.owner == guest.name }.map(\.name)
      let parts = guests.filter { own.contains($0.name) }
      guard !parts.isEmpty else { return guest }
      return Station(
        guest.name, on: guest.segment, guest.access, guest.addresses,
        legs: parts.map { Station.Leg(on: $0.segment, $0.addresses) })
    }
  }

  // A bridge with a network card in it is the way to the world by itself.
  private var uplink: Segment {
    let bridged = policy.networks.first { network in
      if case .bridgeWithCard = network.segment.form { true } else { false }
    }
    if let bridged { return bridged.segment }
    let parent = policy.networks.first { !$0.attachment.isSeenByHost }?.attachment.interface
    let name = policy.uplinks.first?.value ?? parent?.value
    return Segment(
      "uplink", interface: name?.text ?? "eth0", .card,
      uplinkAddresses ?? [
        InterfaceAddress(Self.uplink.ipv4, length: 24),
        InterfaceAddress(Self.uplink.ipv6, length: 64),
      ], isDeclared: false)
  }

  private static let uplink = AddressPair(("192.0.2.1", "2001:db8:f::1"))

  private func outsideStations(_ uplink: Segment) -> [Station] {
    let hasDefaults = uplink.hostAddresses.first?.address == Self.uplink.ipv4
    let machines = hasDefaults ? ["lan": UInt128(1), "far": 2].sorted { $0.value < $1.value } : []
    return machines.map { name, offset in
      Station(
        name, on: uplink, .outside,
        uplink.hostAddresses.map { address in
          let bits = address.address.bits + offset
          return InterfaceAddress(
            IPAddress(family: address.family, bits: bits), length: address.length)
        }, routesToGuests: name == "lan")
    }
      + outside.map { machine in
        Station(
          machine.name, on: uplink, .outside,
          machine.addresses.map { address in
            let own = uplink.hostAddresses.first { $0.prefix.contains(address.address) }
            return own.map { InterfaceAddress(address.address, length: $0.length) } ?? address
          }, routesToGuests: true)
      }
  }

  private func stations(of network: Network, _ uplink: Segment) -> [Station] {
    let segment = network.attachment.isSeenByHost ? network.segment : uplink
    let named = network.guests.map { guest in
      Member(
        name: isUnique(guest) ? guest.name.value : "\(network.name.value).\(guest.name.value)",
        network: network.name.value, addresses: guest.addresses.map(\.value),
        hardwareAddress: guest.mac?.value.bytes, asksForAddresses: false)
    }
    let others = guests.filter { $0.network == network.name.value }
    return (named + others).map { member in
      Station(
        member.name, on: segment, network.access,
        member.addresses.map { InterfaceAddress($0, length: network.length(for: $0)) },
        hardwareAddress: member.hardwareAddress, asksForAddresses: member.asksForAddresses)
    }
  }

  private func isUnique(_ guest: Guest) -> Bool {
    policy.networks.flatMap(\.guests).count { $0.name.value == guest.name.value } == 1
  }
}

extension Network {
  fileprivate var segment: Segment {
    let form: Segment.Form =
      switch attachment.kind {
      case .bridge(let ports): ports.first.map { .bridgeWithCard($0.value.text) } ?? .bridge
      // What the host sees of a switch of Open vSwitch is a plain interface.
      case .openvswitch, .macvlan, .ipvlan: .card
      case .interface: .cable
      }
    return Segment(
      name.value, interface: attachment.interface.value.text, form,
      gateways.map { InterfaceAddress($0, length: length(for: $0)) })
  }

  fileprivate var access: Station.Access {
    switch attachment.kind {
    case .bridge, .openvswitch, .interface: .guest
    case .macvlan(let mode): .macvlan(mode: mode.rawValue)
    case .ipvlan(let mode): .ipvlan(mode: mode.rawValue)
    }
  }

  fileprivate func length(for address: IPAddress) -> Int {
    subnets.first { $0.value.contains(address) }?.value.length ?? address.family.width
  }
}

extension MACAddress {
  /// In the order of the wire.
  fileprivate var bytes: [UInt8] {
    (0..<6).reversed().map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
  }
}
