import Glibc
import NetworkTypes

/// Tries many probes at once and sees what becomes of them.
///
/// One thread drives every sender and every receiver: a socket stays in the namespace that it was
/// made in, so that only making it needs a visit there.
package final class Prober {
  private let topology: RouterTopology
  private let poller: Poller
  private var listeners: Listeners

  package init(_ topology: RouterTopology) throws {
    self.topology = topology
    poller = try Poller()
    listeners = try Listeners(topology, poller)
  }

  /// Makes every station serve TCP and UDP on `ports`.
  package func serve(_ ports: Set<UInt16>) throws {
    try listeners.serve(ports, topology, poller)
  }

  /// Ends all services, until they are asked for again.
  package func stopServing() { listeners.stopServing() }

  /// Sends all probes and reports on each, in their order.
  ///
  /// - Parameter patience: how long a probe may take, in milliseconds.
  package func observe(_ probes: [Probe], patience: Int) throws -> [Observation] {
    round &+= 1
    let session = ProbeSession(
      probes, round: round, firstPort: takePorts(probes.count), topology: topology,
      poller: poller, listeners: listeners)
    try session.send()
    let deadline = ContinuousClock.now + .milliseconds(patience)
    while !session.isSettled {
      let rest = deadline - ContinuousClock.now
      guard rest > .zero else { break }
      let events = try poller.wait(milliseconds: Int(rest / .milliseconds(1)) + 1)
      for event in events { try session.handle(event) }
    }
    held += session.held
    return session.observations
  }

  /// Closes the connections that probes have left open.
  package func release() { held.removeAll() }

  private var held: [Socket] = []

  /// Source ports that no policy of a test publishes; one of them identifies one probe.
  private static let ports: Range<UInt16> = 20_000..<32_000
  private var round: UInt16 = 0
  private var nextPort = Prober.ports.lowerBound

  // Rounds follow each other through the ports, so that none meets the connections of the last.
  private func takePorts(_ count: Int) -> UInt16 {
    precondition(count <= Self.ports.count, "every probe has a port of its own")
    if Int(nextPort) + count > Int(Self.ports.upperBound) { nextPort = Self.ports.lowerBound }
    defer { nextPort += UInt16(count) }
    return nextPort
  }
}
