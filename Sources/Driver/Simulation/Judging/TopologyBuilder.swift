import Diagnostics
import Evaluation
import Lowering
import Netfilter
import NetworkTypes
import PolicyModel

/// The host of a policy as the evaluator wants it: every container that matters on a link or a port
/// of its own.
struct TopologyBuilder {
  private let model: HostModel
  private var base: Topology
  /// The ports and links of those who are there.
  private var places: [IPAddress: InterfaceName] = [:]

  /// - Parameter trials: all that is to be tried on the host.
  init(_ model: HostModel, _ capabilities: Set<Capability>, for trials: [Trial]) {
    self.model = model
    if let live = model.live {
      base = live.topology
      base.capabilities = capabilities
      for neighbor in base.neighbors {
        for address in neighbor.addresses { places[address] = neighbor.interface }
      }
    } else {
      base = Topology(interfaces: [], capabilities: capabilities)
      addLoopback()
      addNetworks()
      addWays()
    }
    var seen: Set<IPAddress> = []
    for end in trials.flatMap({ [$0.source, $0.destination] }) {
      guard seen.insert(end.address).inserted, case .network(let index) = end.place else {
        continue
      }
      addMember(end.address, end.hardwareAddress, of: index)
    }
    for (network, guest) in targets(of: trials) { addGuest(guest, of: network, &seen) }
  }

  /// The host as it is for one trial.
  ///
  /// - Parameter filtersBridged: `nil` for what the machine itself has set.
  func topology(for trial: Trial, filtersBridged: Bool?) -> Topology {
    var result = base
    if let filtersBridged { result.filtersBridged = filtersBridged ? [.ipv4, .ipv6] : [] }
    if filtersBridged == true {
      // Such hosts let their ports send frames back: translated ones do not come back otherwise.
      for index in result.interfaces.indices {
        if case .port(let bridge, _) = result.interfaces[index].kind {
          result.interfaces[index].kind = .port(of: bridge, returnsFrames: true)
        }
      }
    }
    for end in [trial.source, trial.destination] { add(end, to: &result) }
    return result
  }

  /// Where the packets of an end come in.
  func ingress(of end: FlowEnd) -> Ingress {
    switch end.place {
    case .host: .host
    case .way(let way): .interface(places[end.address] ?? model.ways[way].interface)
    case .network(let index):
      .interface(places[end.address] ?? model.policy.networks[index].attachment.interface.value)
    }
  }

  /// The hardware address of whoever is at an end.
  static func hardwareAddress(of end: FlowEnd) -> MACAddress {
    end.hardwareAddress ?? hardwareAddress(for: end.address)
  }

  /// A locally administered address (IEEE 802), one for each of the addresses that are near.
  private static func hardwareAddress(for address: IPAddress) -> MACAddress {
    let bits = UInt64(truncatingIfNeeded: address.bits & 0xFFFF_FFFF)
    return MACAddress(bits: 0x0600_0000_0000 | bits)
  }

  // MARK: The host

  private mutating func addLoopback() {
    let usual = [
      Topology.OwnAddress(IPAddress(family: .ipv4, bits: 0x7F00_0001), length: 8),
      Topology.OwnAddress(IPAddress(family: .ipv6, bits: 1), length: 128),
    ]
    let more = model.loopbackAddresses.map {
      Topology.OwnAddress($0, length: $0.family == .ipv4 ? 8 : 128)
    }
    base.interfaces.append(
      Topology.Interface(
        .loopback, .loopback, usual + more.filter { !usual.contains($0) }, routesLoopback: true))
  }

  private mutating func addNetworks() {
    let settings = Set(
      requiredSysctls(model.policy).filter { $0.value == "1" }.map(\.name))
    for network in model.policy.networks where network.attachment.isSeenByHost {
      let interface = network.attachment.interface.value
      var own: [Topology.OwnAddress] = []
      for subnet in network.subnets {
        let gateways = network.gateways.filter(subnet.value.contains)
        own += gateways.map { Topology.OwnAddress($0, length: subnet.value.length) }
        if gateways.isEmpty { base.routes.append(Topology.Route(subnet.value, by: interface)) }
      }
      var kind = Topology.Interface.Kind.plain
      if case .bridge(let ports) = network.attachment.kind {
        kind = .bridge
        base.interfaces += ports.map {
          Topology.Interface($0.value, .port(of: interface, returnsFrames: false))
        }
      }
      base.interfaces.append(
        Topology.Interface(
          interface, kind, own,
          hardwareAddress: MACAddress(bits: 0x0200_0000_0000 | UInt64(base.interfaces.count)),
          routesLoopback: settings.contains("net/ipv4/conf/\(interface)/route_localnet")))
    }
  }

  private mutating func addWays() {
    for (index, way) in model.ways.enumerated() {
      guard case .interface(let name) = way else { continue }
      base.interfaces.append(
        Topology.Interface(
          name, .plain,
          AddressFamily.allCases.compactMap { model.wayAddresses[index][$0] }.map(Self.alone),
          hardwareAddress: MACAddress(bits: 0x0200_0001_0000 | UInt64(index))))
    }
    let router = model.router(of: 0)
    for family in AddressFamily.allCases {
      base.routes.append(
        Topology.Route(
          AddressPrefix(masking: IPAddress(family: family, bits: 0), length: 0), by: router,
          source: model.wayAddresses[0][family]))
    }
    own(model.ownAddresses.sorted(), on: router, in: &base)
  }

  private static func alone(_ address: IPAddress) -> Topology.OwnAddress {
    Topology.OwnAddress(address, length: address.family.width)
  }

  private func own(
    _ addresses: [IPAddress], on interface: InterfaceName, in topology: inout Topology
  ) {
    guard let index = topology.interfaces.firstIndex(where: { $0.name == interface }) else {
      return
    }
    topology.interfaces[index].addresses += addresses.map(Self.alone)
  }

  // MARK: Those around it

  private mutating func addMember(
    _ address: IPAddress, _ hardwareAddress: MACAddress?, of index: Int
  ) {
    let network = model.policy.networks[index]
    guard network.attachment.isSeenByHost, places[address] == nil else { return }
    let interface = network.attachment.interface.value
    var place = interface
    if case .bridge = network.attachment.kind {
      // Names with a space are nobody's.
      guard let name = try? InterfaceName(validating: "port~\(places.count)") else { return }
      base.interfaces.append(
        Topology.Interface(name, .port(of: interface, returnsFrames: false)))
      place = name
    }
    places[address] = place
    base.neighbors.append(
      Topology.Neighbor(
        [address], behind: place,
        hardwareAddress: hardwareAddress ?? Self.hardwareAddress(for: address)))
  }

  private mutating func addGuest(_ guest: Int, of network: Int, _ seen: inout Set<IPAddress>) {
    let own = model.policy.networks[network].guests[guest]
    for address in own.addresses where seen.insert(address.value).inserted {
      addMember(address.value, own.mac?.value, of: network)
    }
  }

  /// The containers that published ports lead the trials to.
  private func targets(of trials: [Trial]) -> [(network: Int, guest: Int)] {
    var dialed: [TransportProtocol: Set<UInt16>] = [:]
    for trial in trials where trial.destination.place == .host {
      if let port = trial.probe.port { dialed[trial.probe.transport, default: []].insert(port) }
    }
    if dialed.isEmpty { return [] }
    var result: [(network: Int, guest: Int)] = []
    for index in model.policy.publishes.indices {
      let publish = model.policy.publishes[index]
      guard let ports = dialed[publish.transport] else { continue }
      if publish.hostPorts.count == 1
        ? ports.contains(publish.hostPorts.lower)
        : ports.contains(where: publish.hostPorts.contains)
      {
        result.append((publish.network, publish.guest))
      }
    }
    return result
  }

  /// Lets an end be where the trial has it: the same address may be beyond any way.
  private func add(_ end: FlowEnd, to topology: inout Topology) {
    switch end.place {
    case .network: break
    case .host:
      if model.live != nil { return }
      let isKnown = topology.interfaces.contains { interface in
        interface.addresses.contains { $0.address == end.address }
      }
      if !isKnown { own([end.address], on: model.router(of: 0), in: &topology) }
    case .way(let way):
      let router = model.router(of: way)
      if model.ways.count > 1, model.live == nil {
        topology.routes.append(
          Topology.Route(
            AddressPrefix(masking: end.address, length: end.address.family.width), by: router,
            source: model.wayAddresses[way][end.address.family]))
      }
      guard case .port(let port, _) = model.ways[way] else { return }
      topology.neighbors.append(
        Topology.Neighbor(
          [end.address], behind: port, hardwareAddress: Self.hardwareAddress(of: end)))
    }
  }
}
