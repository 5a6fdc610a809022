import Foundation
import Glibc
import NetworkTypes

/// A station that starts without addresses and asks for them: udhcpc(8) for IPv4, the kernel itself
/// where routers advertise, dhclient(8) for DHCPv6.
struct AddressClient {
  let station: Station
  let namespace: NetworkNamespace
  let plan: TopologyPlan
  /// How long an answer may take, in seconds.
  let patience: Int

  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "take-lease.sh").path()

  /// Asks until the station has just the addresses that the plan gives it, and names resolve.
  func obtainAddresses() throws {
    try forgetAddresses()
    if station.address(.ipv4) != nil {
      let tries = ["-t", "\(patience)", "-T", "1"]
      let udhcpc = ["udhcpc", "-i", "eth0", "-f", "-n", "-q", "-s", Self.script] + tries
      let result = try namespace.perform { try Command(udhcpc).result() }
      guard result.status == 0 else {
        throw LeaseFailure(client: station.name, reason: result.errors)
      }
    }
    let asked = try askByIPv6()
    defer { _ = try? asked?.terminate() }
    try awaitAddresses()
    for gateway in station.segment.hostAddresses where station.address(gateway.family) != nil {
      try resolveNames(at: gateway.address)
    }
  }

  // Routers are asked when the link comes up.
  private func forgetAddresses() throws {
    try namespace.set([
      ("ipv6/conf/eth0/router_solicitations", 3),
      ("ipv6/conf/eth0/router_solicitation_interval", 1),
      ("ipv6/conf/eth0/router_solicitation_delay", 0),
    ])
    try namespace.configure([
      "link set eth0 down", "addr flush dev eth0", "link set eth0 up",
    ])
  }

  private func askByIPv6() throws -> RunningCommand? {
    guard station.leasedAddresses.contains(where: { $0.family == .ipv6 }) else { return nil }
    let none = "/dev/null"
    return try namespace.perform {
      try Command([
        "timeout", "30", "dhclient", "-6", "-1", "-d", "-D", "LL", "-cf", none, "-lf", none,
        "-pf", none, "-sf", Self.script, "eth0",
      ]).start()
    }
  }

  private func awaitAddresses() throws {
    let wanted = Set(station.addresses.map(\.address))
    let deadline = ContinuousClock.now + .seconds(patience)
    while true {
      let found = try addresses()
      if wanted.isSubset(of: found) { return }
      guard ContinuousClock.now < deadline else {
        throw LeaseFailure(
          client: station.name,
          reason: "has \(found.sorted()) and should have \(wanted.sorted())")
      }
      usleep(10_000)
    }
  }

  private func addresses() throws -> Set<IPAddress> {
    let listing = try namespace.run("ip", "-o", "addr", "show", "dev", "eth0", "scope", "global")
    let words = listing.split { $0 == " " || $0 == "\n" }.map(String.init)
    return Set(words.compactMap { InterfaceAddress($0)?.address })
  }

  // Whoever has no address of a family makes the resolver say that it does not know.
  private func resolveNames(at server: IPAddress) throws {
    for other in plan.others where other.access == .outside {
      let nslookup = ["busybox", "nslookup", other.serverName, "\(server)"]
      let command = Command(["timeout", "\(patience)"] + nslookup)
      let result = try namespace.perform { try command.result() }
      let words = Set(result.output.split { $0 == " " || $0 == "\n" }.map(String.init))
      guard other.addresses.allSatisfy({ words.contains("\($0.address)") }) else {
        throw LeaseFailure(
          client: station.name, reason: "\(server) does not know \(other.name): \(result.output)")
      }
    }
  }
}

/// A client that did not get what it asked for.
package struct LeaseFailure: Error, CustomStringConvertible {
  package let client: String
  package let reason: String

  package var description: String { "\(client): \(reason)" }
}
