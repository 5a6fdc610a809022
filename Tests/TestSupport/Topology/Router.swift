import Dispatch

/// A host under test: the topology, and the prober that sends through it.
///
/// All calls run on one queue of their own, where they may block.
package actor Router {
  private let queue: QueueExecutor
  package nonisolated let plan: TopologyPlan
  private let topology: RouterTopology
  private let prober: Prober
  private var multicast: MulticastRouter?

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe queue.asUnownedSerialExecutor()
  }

  /// - Parameter group: tells routers of one process apart.
  package init(_ plan: TopologyPlan, group: Int) throws {
    self.plan = plan
    queue = QueueExecutor(label: "router \(group)")
    topology = try RouterTopology(plan, group: group)
    prober = try Prober(topology)
  }

  /// Removes the namespaces.
  package func remove() throws { try topology.remove() }

  /// Gives the host these programs, in their order, and nothing else.
  ///
  /// - Parameters:
  ///   - filtersBridged: whether frames between ports of a bridge pass the IP rules.
  ///   - routesMulticast: whether the host carries packets of ``MulticastGroup/everywhere``.
  package func load(
    _ programs: [FirewallProgram], filtersBridged: Bool, routesMulticast: Bool = false
  ) throws {
    prober.release()
    multicast = nil
    try topology[plan.host].perform {
      try FirewallProgram.removeAll()
      for program in programs { try program.load() }
      try Command(["conntrack", "--flush"]).run()
    }
    try topology.filterBridged(filtersBridged)
    try forgetNeighbors()
    if routesMulticast { multicast = try MulticastRouter(topology) }
  }

  /// Closes the connections that probes have left open.
  package func release() { prober.release() }

  /// Runs a dnsmasq on the host, for as long as it takes everybody who asks for addresses to get
  /// those of the plan and to resolve names by it; nobody else serves meanwhile.
  ///
  /// - Parameter patience: how long each answer may take, in seconds.
  package func obtainLeases(patience: Int) throws {
    prober.stopServing()
    let server = try AddressServer(topology)
    do {
      for station in plan.others where station.asksForAddresses {
        let client = AddressClient(
          station: station, namespace: topology[station], plan: plan, patience: patience)
        try client.obtainAddresses()
      }
    } catch {
      let said = try server.stop()
      throw LeaseFailure(client: "server", reason: "\(said)\n\(error)")
    }
    try server.stop()
  }

  /// Makes every station serve TCP and UDP on `ports`.
  package func serve(_ ports: Set<UInt16>) throws { try prober.serve(ports) }

  /// Sends all probes at once and reports on each, in their order.
  ///
  /// - Parameter patience: how long a probe may take, in milliseconds.
  package func observe(_ probes: [Probe], patience: Int) throws -> [Observation] {
    try prober.observe(probes, patience: patience)
  }

  /// What a program prints that runs on the host; any end but success is an error.
  package func hostOutput(of command: Command) throws -> String {
    try topology[plan.host].perform { try command.run() }
  }

  // What was learnt under other rules must not help under these.
  private func forgetNeighbors() throws {
    let running = try plan.stations.map { station in
      try topology[station].perform { try Command(["ip", "neigh", "flush", "all"]).start() }
    }
    for command in running { try command.succeed() }
  }
}

/// Runs an actor's jobs on a queue, so that blocking calls hold up nobody else.
private final class QueueExecutor: SerialExecutor {
  private let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
