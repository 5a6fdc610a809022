import Diagnostics
import NetworkTypes
import PolicyModel

/// Finds the packets to try for a flow of one family.
struct TrialFinder {
  private let model: HostModel
  private let flow: AccessRule
  private let ends: EndFinder
  private let family: AddressFamily

  /// The most packets for one flow and family.
  static let limit = 4096

  /// What there is to try.
  struct Result {
    var trials: [Trial] = []
    /// Whether there would be more.
    var isCut = false
    /// Addresses that are taken for the host's own, since nothing else makes sense.
    var assumed: [IPAddress] = []
  }

  init(_ model: HostModel, _ flow: AccessRule, _ family: AddressFamily) {
    self.model = model
    self.flow = flow
    self.family = family
    ends = EndFinder(model, family)
  }

  func find() -> Result {
    var result = Result()
    let probes = ProbeFinder(model: model, family: family).probes(of: flow.services)
    let sources = ends.ends(of: flow.sources, except: flow.sourceExceptions).filter(comesVia)
    let targets = ends.ends(of: flow.destinations, except: flow.destinationExceptions)
    let hostSends = holdsHost(flow.sources, flow.sourceExceptions)
    let hostHears = holdsHost(flow.destinations, flow.destinationExceptions)
    for probe in probes {
      for source in sources {
        for target in targets { add(source, target, probe, to: &result) }
        if hostHears { addHost(from: source, probe, to: &result) }
      }
      guard hostSends else { continue }
      for target in targets {
        if let source = hostSource(towards: target) { add(source, target, probe, to: &result) }
      }
      if hostHears { addLocal(probe, to: &result) }
    }
    return result
  }

  private func holdsHost(_ peers: [Peer], _ exceptions: [Peer]) -> Bool {
    peers.contains { $0 == .host || $0 == .any } && !exceptions.contains(.host)
  }

  private func add(
    _ source: FlowEnd, _ target: FlowEnd, _ probe: Probe, to result: inout Result
  ) {
    var target = target
    if source.address == target.address, source.place != .host { return }
    if case .way = source.place, case .way = target.place {
      // What goes from the world to the world does not come by, but for the host's own addresses.
      guard target.isNamed else { return }
      if !result.assumed.contains(target.address) { result.assumed.append(target.address) }
      target = FlowEnd(address: target.address, place: .host, name: "host", isNamed: true)
    }
    if source.place == .host, flow.clauses.via.map({ !leaves(by: $0, target) }) ?? false { return }
    guard result.trials.count < Self.limit else {
      result.isCut = true
      return
    }
    result.trials.append(Trial(source: source, destination: target, probe: probe))
  }

  // MARK: The host

  private func addHost(from source: FlowEnd, _ probe: Probe, to result: inout Result) {
    var addresses: [IPAddress] = []
    switch source.place {
    case .network(let index): addresses = model.policy.networks[index].gateways(of: family)
    case .way(let way):
      if let own = model.wayAddresses[way][family] { addresses.append(own) }
    case .host: return addLocal(probe, to: &result)
    }
    addresses += model.wayAddresses.prefix(model.openWays).compactMap { $0[family] }
    addresses += published(probe).filter { !$0.isLoopback }
    add(source, toHost: addresses, probe, &result)
  }

  /// What the host sends to itself.
  private func addLocal(_ probe: Probe, to result: inout Result) {
    let loopback = IPAddress(family: family, bits: family == .ipv4 ? 0x7F00_0001 : 1)
    let addresses =
      [loopback] + model.wayAddresses.prefix(model.openWays).compactMap { $0[family] }
      + published(probe)
    for address in addresses {
      let source = FlowEnd(address: address, place: .host, name: "host")
      add(source, toHost: [address], probe, &result)
    }
  }

  private func add(
    _ source: FlowEnd, toHost addresses: [IPAddress], _ probe: Probe, _ result: inout Result
  ) {
    var seen: Set<IPAddress> = []
    for address in addresses where seen.insert(address).inserted {
      if flow.destinationExceptions.contains(where: { excepts($0, address) }) { continue }
      add(source, FlowEnd(address: address, place: .host, name: "host"), probe, to: &result)
    }
  }

  private func excepts(_ peer: Peer, _ address: IPAddress) -> Bool {
    if case .addresses(let set) = peer { set.contains(address) } else { false }
  }

  /// The host addresses that the probe's port is published on by name.
  private func published(_ probe: Probe) -> [IPAddress] {
    guard let port = probe.port,
      !model.ownAddresses.isEmpty || !model.loopbackAddresses.isEmpty
    else { return [] }
    var found: Set<IPAddress> = []
    for index in model.policy.publishes.indices {
      let publish = model.policy.publishes[index]
      guard let address = publish.hostAddress, address.family == family,
        publish.transport == probe.transport, publish.hostPorts.contains(port)
      else { continue }
      found.insert(address)
    }
    return Array(found.sorted().prefix(EndFinder.limit))
  }

  /// The host as the kernel sends from it; `nil` where it has no address there.
  private func hostSource(towards target: FlowEnd) -> FlowEnd? {
    let address: IPAddress?
    switch target.place {
    case .host: address = target.address
    case .way(let way): address = model.wayAddresses[way][family]
    case .network(let index):
      address =
        model.policy.networks[index].gateways(of: family).first ?? model.wayAddresses[0][family]
    }
    return address.map { FlowEnd(address: $0, place: .host, name: "host") }
  }

  // MARK: `via`

  private func comesVia(_ end: FlowEnd) -> Bool {
    guard let via = flow.clauses.via, end.place != .host else { return true }
    return leaves(by: via, end)
  }

  private func leaves(by interface: InterfaceName, _ end: FlowEnd) -> Bool {
    switch end.place {
    case .host: interface == .loopback
    case .network(let index):
      model.policy.networks[index].attachment.interface.value == interface
    case .way(let way):
      model.ways[way].interface == interface || model.router(of: way) == interface
    }
  }
}

extension HostModel {
  /// The interface that the host routes a way by: of a bridge's port, the bridge.
  func router(of way: Int) -> InterfaceName { Self.router(of: ways[way], policy) }

  static func router(of way: Way, _ policy: Policy) -> InterfaceName {
    switch way {
    case .interface(let name): name
    case .port(_, let network): policy.networks[network].attachment.interface.value
    }
  }
}
