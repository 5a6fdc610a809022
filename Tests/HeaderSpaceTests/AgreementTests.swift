import Diagnostics
import Driver
import Evaluation
import Foundation
import HeaderSpace
import Netfilter
import NetworkTypes
import PolicyTestSupport
import Testing

/// What the diagrams say of a packet is what the evaluator finds when it follows the packet.
///
/// The packets lie where the functions change: each is a random way through the diagram, with the
/// first, the last or any value of the branches taken.
@Suite struct AgreementTests {
  private static let packetsPerPolicy = 40

  static let policies: [String] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let skipped = ["/diagnostics/", "/diff/"]
    var found: [String] = []
    for folder in ["golden", "Examples"] {
      let base = root.appending(path: folder)
      let paths = FileManager.default.enumerator(atPath: base.path)
      for case let path as String in paths ?? .init() where path.hasSuffix(".ward") {
        let whole = base.appending(path: path).path
        if !skipped.contains(where: whole.contains) { found.append(whole) }
      }
    }
    return found.sorted()
  }()

  @Test func thereArePolicies() {
    #expect(Self.policies.count > 120)
  }

  @Test(arguments: policies)
  func agrees(_ path: String) throws {
    for capabilities in [[], Set(Capability.allCases)] as [Set<Capability>] {
      let compiled = try Compiler(host: "alpha", capabilities: capabilities).compile([.path(path)])
      // Some policies need what the kernel may lack.
      guard let installation = Installation(compiled) else { continue }
      for family in AddressFamily.allCases {
        var trial = Trial(
          installation, family, capabilities, seed: UInt64(path.utf8.count))
        for _ in 0..<Self.packetsPerPolicy {
          for problem in trial.round() { Issue.record("\(path): \(problem)") }
        }
      }
    }
  }

  /// Rules that are taken away are missed: the comparison can fail.
  @Test func disagreementIsSeen() throws {
    let path = try #require(Self.policies.first { $0.hasSuffix("Examples/quickstart.ward") })
    let compiled = try Compiler().compile([.path(path)])
    let whole = try #require(Installation(compiled))
    var trial = Trial(whole, .ipv4, [], seed: 1)
    var lesser = whole
    for index in lesser.ruleset.tables.indices {
      for chain in lesser.ruleset.tables[index].chains.indices {
        lesser.ruleset.tables[index].chains[chain].rules.removeAll {
          $0.actions.contains(.verdict(.drop))
        }
      }
    }
    trial.evaluated = lesser.ruleset
    let problems = (0..<400).flatMap { _ in trial.round() }
    #expect(!problems.isEmpty)
  }
}

/// Random packets of one family through one ruleset, by both ways.
private struct Trial {
  private let installation: Installation
  private let family: AddressFamily
  private let capabilities: Set<Capability>
  private var space: FlowSpace
  private let reach: Diagram
  private var random: SeededGenerator
  /// The rules that the evaluator follows.
  var evaluated: Ruleset

  init(
    _ installation: Installation, _ family: AddressFamily, _ capabilities: Set<Capability>,
    seed: UInt64
  ) {
    self.installation = installation
    self.capabilities = capabilities
    self.family = family
    space = FlowSpace(family, sites: [installation.site], rulesets: [installation.ruleset])
    reach = space.reach(installation.ruleset, on: installation.site)
    random = SeededGenerator(seed: seed)
    evaluated = installation.ruleset
  }

  /// What is wrong about one packet; a header that no packet has says nothing.
  mutating func round() -> [String] {
    var values = header()
    let ways = space.interfaces
    // An answer must find the way back: whoever comes from the world goes out there, too.
    values[9] = UInt128(exit(for: Int(values[6])))
    let outcome = space.outcomes[space.store.value(reach, values)]
    if outcome.step == .absent || isBeyondTheModels(values) { return [] }
    let target = outcome.target < 0 ? nil : space.outcomes.targets[Int(outcome.target)]
    let source =
      values[7] == 0 ? SampleHost.unnamed(family) : IPAddress(family: family, bits: values[7])
    let destination = IPAddress(family: family, bits: values[3])
    let sample = SampleHeader(
      input: Int(values[6]), exit: Int(values[9]), isLocal: values[2] == 1, source: source,
      destination: destination, receivers: [destination] + (target.map { [$0.address] } ?? []))
    let host = SampleHost(site: installation.site, interfaces: ways, header: sample)
    let packet = packet(values, from: source, to: destination)
    return [false, true].compactMap { filtersBridged in
      var topology = host.topology(filtersBridged: filtersBridged)
      topology.capabilities = capabilities
      var evaluator = Evaluator(evaluated, topology)
      warm(&evaluator, sample, by: host.ingress)
      let passage = evaluator.send(packet, from: host.ingress)[0]
      if filtersBridged, passage.isStoppedAsForged { return nil }
      return problem(outcome, target, values, packet, passage, topology).map {
        "\($0)\n  bridged frames \(filtersBridged ? "" : "not ")filtered by IP rules\n"
          + "  \(packet) from \(host.ingress)\n  \(outcome)\n  \(passage.fate) \(passage.packet)\n"
          + passage.steps.map { "    \($0)" }.joined(separator: "\n")
      }
    }
  }

  /// Nobody talks to himself by a wire, and of ICMP the evaluator knows echo requests alone.
  private func isBeyondTheModels(_ values: [UInt128]) -> Bool {
    let isICMP = values[4] == (family == .ipv4 ? 1 : 58)
    return values[3] == values[7] || (isICMP && values[5] >> 8 != (family == .ipv4 ? 8 : 128))
  }

  private mutating func exit(for input: Int) -> Int {
    let ways = space.interfaces.ways
    switch ways[input] {
    case .named, .other: return input
    case .port(_, let bridge):
      return Int(space.interfaces.network(bridge)?.lower ?? 0)
    case .host, .network:
      let shared = installation.site.networks.filter(\.isOnLAN).compactMap {
        space.interfaces.network($0.interface).map { Int($0.lower) }
      }
      return random.pick(Array(Int(space.interfaces.world.lower)..<ways.count) + shared)
    }
  }

  /// A random way through the diagram; it avoids headers that there are not, where it can.
  private mutating func header() -> [UInt128] {
    var values = space.store.limits.map { limit in
      limit == 65535 ? UInt128.random(in: 1024...60000, using: &random) : 0
    }
    values[4] = random.isOne(in: 2) ? 6 : 17
    var current = reach
    while current.constant == nil {
      let field = space.store.askedField(current)
      let branches = space.store.branches(current, field)
      let likely = branches.filter { $0.child != space.absent }
      let branch = random.pick(likely.isEmpty ? branches : likely)
      values[field] = value(of: branch.interval)
      current = branch.child
    }
    if let mac = mac(Int(values[6]), values[7]) { values[10] = mac }
    return values
  }

  private mutating func value(of interval: Interval) -> UInt128 {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: interval.lower
    case 1: interval.upper
    default: UInt128.random(in: interval.lower...interval.upper, using: &random)
    }
  }

  private func mac(_ input: Int, _ source: UInt128) -> UInt128? {
    guard case .network(let interface) = space.interfaces.ways[input] else { return nil }
    let network = installation.site.networks.first { $0.interface == interface }
    let address = IPAddress(family: family, bits: source)
    let guest = network?.guests.first { $0.addresses.contains(address) }
    return guest?.mac.map { UInt128($0.bits) }
  }

  private func packet(
    _ values: [UInt128], from source: IPAddress, to destination: IPAddress
  ) -> Packet {
    let transport = TransportProtocol(number: UInt8(values[4]))
    let (port, sourcePort) = (UInt16(values[5]), UInt16(values[8]))
    let icmp: TransportProtocol = family == .ipv4 ? .icmp : .icmpv6
    let mac = values[10] == 0 ? 0x0200_0000_0099 : UInt64(values[10])
    let content: Packet.Content =
      if transport == icmp {
        .icmp(type: UInt8(port >> 8), code: UInt8(port & 255), identifier: 7)
      } else if transport == .tcp {
        .tcp(from: sourcePort, to: port, .opening)
      } else if transport.hasPorts {
        .ports(transport, from: sourcePort, to: port)
      } else {
        .other(transport)
      }
    return Packet(
      from: source, to: destination, content, sourceMAC: MACAddress(bits: mac))
  }

  /// The host has heard of everybody before.
  private func warm(_ evaluator: inout Evaluator, _ sample: SampleHeader, by ingress: Ingress) {
    for address in [sample.source] + sample.receivers where !address.isLoopback {
      for network in installation.site.networks {
        let gateway = installation.site.ownAddresses.first { own in
          own.family == address.family && network.subnets.contains { $0.contains(own) }
        }
        guard let gateway, network.subnets.contains(where: { $0.contains(address) }) else {
          continue
        }
        let packet = Packet(
          from: gateway, to: address, .ports(.udplite, from: 9, to: 9))
        _ = evaluator.send(packet, from: .host)
      }
    }
  }
}

extension Passage {
  /// The rules of `antispoof` know more of frames that are handed to IP rules.
  fileprivate var isStoppedAsForged: Bool {
    fate == .dropped && (steps.last?.chain.hasPrefix("antispoof") ?? false)
  }
}

extension Trial {
  private func problem(
    _ outcome: HeaderSpace.Outcome, _ target: Target?, _ values: [UInt128], _ packet: Packet,
    _ passage: Passage, _ topology: Topology
  ) -> String? {
    switch passage.fate {
    case .undecided(let missing): return "undecided: \(missing)"
    case .dropped, .rejected, .discarded:
      return outcome.isOpen ? "open, but it ends on the way" : nil
    case .delivered:
      if !outcome.isOpen { return "closed, but it arrives at the host" }
      if target != nil || values[2] == 0 { return "it was not to arrive at the host" }
    case .sent:
      if !outcome.isOpen { return "closed, but it leaves" }
      if target == nil, values[2] == 1 { return "it was to arrive at the host" }
    }
    return destinationProblem(target, packet, passage)
      ?? sourceProblem(outcome, packet, passage, topology)
  }

  private func destinationProblem(
    _ target: Target?, _ packet: Packet, _ passage: Passage
  ) -> String? {
    let expected = target?.address ?? packet.destination
    if passage.packet.destination != expected { return "it should go to \(expected)" }
    let port = packet.destinationPort.map { $0 &+ (target?.shift ?? 0) }
    return passage.packet.destinationPort == port ? nil : "another port"
  }

  private func sourceProblem(
    _ outcome: HeaderSpace.Outcome, _ packet: Packet, _ passage: Passage, _ topology: Topology
  ) -> String? {
    let seen = passage.packet.source
    guard outcome.source >= 0 else {
      return seen == packet.source ? nil : "its source should stay"
    }
    switch space.outcomes.sources[Int(outcome.source)] {
    case .addresses(let range, _): return range.contains(seen) ? nil : "another source"
    case .interface:
      let own = topology.interfaces.flatMap(\.addresses).map(\.address)
      return own.contains(seen) ? nil : "its source should be the host's"
    }
  }
}
