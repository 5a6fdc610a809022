import Diagnostics
import Driver
import Evaluation
import NetworkTypes
import PolicyModel
import PolicyTestSupport
import TestSupport

/// A generated policy on a real host: what the model says of probes is put to the kernel.
struct KernelProof {
  let seed: UInt64
  let host: GeneratedHost
  let tool: FirewallTool
  let filtersBridged: Bool
  private let probes: [Probe]
  /// Where somebody listens: every port of a probe, but for one.
  private let ports: Set<UInt16>

  private static let probesPerPolicy = 24

  init(seed: UInt64, _ host: GeneratedHost) {
    let tools = [FirewallTool.nft, .nft, .iptablesNft, .iptablesLegacy]
    let tool = tools[Int(seed % 4)]
    var author = AttemptAuthor(host, seed: seed)
    var probes: [Probe] = []
    for _ in 0..<1000 where probes.count < Self.probesPerPolicy {
      if let probe = author.probe(), !probes.contains(probe) { probes.append(probe) }
    }
    self.init(
      seed: seed, host, tool == .nft || host.hasIptables ? tool : .nft, seed / 4 % 2 == 1, probes)
  }

  private init(
    seed: UInt64, _ host: GeneratedHost, _ tool: FirewallTool, _ filtersBridged: Bool,
    _ probes: [Probe]
  ) {
    self.seed = seed
    self.host = host
    self.tool = tool
    self.filtersBridged = filtersBridged
    self.probes = probes
    let published = host.policy.publishes.indices.flatMap { index in
      let ports = host.policy.publishes[index].targetPorts
      return (ports.lower...ports.upper).prefix(16)
    }
    ports = Set(probes.compactMap(\.kind.port) + published).subtracting([Self.closedPort])
  }

  /// Where nobody listens.
  private static let closedPort: UInt16 = 1

  /// What the model says, as expectations; `nil` where it cannot tell.
  private func expectations() throws -> [Expectation?] {
    let form: ModelForm = tool == .nft ? .nft : .iptables
    let model = try ModelTopology(
      host.plan, filtersBridged: filtersBridged, routesMulticast: false,
      capabilities: host.capabilities)
    var trial = ModelTrial(model, try form.program(of: host.ruleset), ports: ports)
    return try probes.enumerated().map { index, probe in
      guard let outcome = Expectation.Outcome(try trial.finding(probe)) else { return nil }
      return Expectation(
        line: index, row: 1, probe: probe, outcome: outcome, need: nil, sourcePorts: nil)
    }
  }

  /// Tries all of it in namespaces.
  func count(in pool: RouterPool) async throws -> ProofCount {
    let expectations = try expectations()
    let decided = expectations.compactMap(\.self)
    let program = try program()
    let trial = Trial(expectations: decided, ports: ports, pauses: [:])
    let failures = try await pool.withRouter(host.plan) { router in
      try await router.load([program], filtersBridged: filtersBridged)
      return try await trial.failures(on: router)
    }
    var count = ProofCount(policies: 1)
    count.packets = probes.count
    count.undecided = probes.count - decided.count
    count.arrived = decided.count { $0.outcome.hasArrived }
    count.failures = failures.map {
      "seed \(seed), \(tool.rawValue), bridge-nf-call \(filtersBridged ? 1 : 0): \($0)"
    }
    return count
  }

  /// The same; what does not agree shrinks to a small policy and one probe.
  func checked(in pool: RouterPool) async throws -> ProofCount {
    var count = try await count(in: pool)
    guard !count.failures.isEmpty else { return count }
    for probe in probes {
      let alone = KernelProof(seed: seed, host, tool, filtersBridged, [probe])
      if let smallest = try await alone.smallest(in: pool) {
        count.failures.append(smallest)
        break
      }
    }
    return count
  }

  /// Tries of a kernel take long: after so many the policy is small enough.
  private static let shrinkingLimit = 40

  /// `nil` where the probe alone is no disagreement.
  private func smallest(in pool: RouterPool) async throws -> String? {
    guard var failure = try await count(in: pool).failures.first else { return nil }
    var best = self
    var tries = 0
    var candidates = best.host.blocks.smaller[...]
    while let blocks = candidates.popFirst(), tries < Self.shrinkingLimit {
      guard let smaller = try best.with(blocks) else { continue }
      tries += 1
      guard let other = try await smaller.count(in: pool).failures.first else { continue }
      failure = other
      best = smaller
      candidates = blocks.smaller[...]
    }
    return "\(failure)\n\(best.host.blocks.text)"
  }

  /// The same probes on the host of a smaller policy; `nil` where they have no place there.
  private func with(_ blocks: BlockPolicy) throws -> KernelProof? {
    guard let host = try GeneratedHost(blocks, capabilities: host.capabilities) else { return nil }
    let moved = probes.compactMap { probe -> Probe? in
      guard let sender = host.plan.station(named: probe.sender.name),
        host.plan.isHosts(probe.destination)
          || host.plan.others.contains(where: {
            $0.address(probe.family) == probe.destination
          })
      else { return nil }
      return Probe(from: sender, to: probe.destination, probe.kind)
    }
    guard moved.count == probes.count else { return nil }
    return KernelProof(seed: seed, host, tool, filtersBridged, moved)
  }

  private func program() throws -> FirewallProgram {
    func text(_ backend: Backend) -> String {
      String(decoding: backend.output(of: host.compilation)?.bytes ?? [], as: UTF8.self)
    }
    func iptables(_ variant: IptablesVariant) -> FirewallProgram {
      .iptables(
        variant, ipv4: text(.iptables), ipv6: text(.ip6tables), hooks: text(.iptablesHooks))
    }
    return switch tool {
    case .iptablesNft: iptables(.nft)
    case .iptablesLegacy: iptables(.legacy)
    case .nft, .apply, .applyOnTop: .nft(text(.nft))
    }
  }
}

extension Expectation.Outcome {
  /// What the model found, as something to expect; `nil` where it cannot tell.
  fileprivate init?(_ finding: ModelTrial.Finding) {
    guard finding.missing == nil else { return nil }
    guard let delivery = finding.deliveries.first else {
      self = finding.isRefused ? .rejected : .dropped(at: nil)
      return
    }
    let port = delivery.packet.destinationPort
    let source = delivery.packet.source
    self =
      if finding.isAnswered {
        .reached(delivery.station, port: port, source: source)
      } else if finding.isRefused {
        .closed(delivery.station, port: port, source: source)
      } else {
        .unanswered(delivery.station, port: port, source: source)
      }
  }

  fileprivate var hasArrived: Bool {
    switch self {
    case .reached, .closed, .unanswered, .intact, .clamped: true
    case .dropped, .rejected, .anything: false
    }
  }
}
