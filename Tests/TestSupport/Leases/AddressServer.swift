import Glibc
import NetworkTypes

/// A dnsmasq(8) of the host's that gives addresses to those who ask, and knows everybody's name.
struct AddressServer {
  private let running: RunningCommand

  /// The domain of all names.
  static let domain = "test"

  /// Starts the server and waits until it listens.
  init(_ topology: RouterTopology) throws {
    let command = Command(Self.arguments(for: topology.plan))
    let started = try topology[topology.plan.host].perform { try command.start() }
    running = started
    let deadline = ContinuousClock.now + .seconds(30)
    while !(try started.errorText).contains("started") {
      guard ContinuousClock.now < deadline else {
        throw CommandFailure(command: command, result: try started.terminate())
      }
      usleep(2000)
    }
  }

  /// Ends the server; returns what it has said.
  @discardableResult
  func stop() throws -> String { try running.terminate().errors }

  // A run that is killed leaves no server for long.
  private static func arguments(for plan: TopologyPlan) -> [String] {
    let clients = plan.others.filter(\.asksForAddresses)
    let segments = plan.segments.filter { segment in clients.contains { $0.segment == segment } }
    return [
      "timeout", "120", "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--user=root",
      "--conf-file=/dev/null", "--no-hosts", "--no-resolv", "--no-ping", "--pid-file=",
      "--leasefile-ro", "--dhcp-authoritative", "--bind-interfaces", "--except-interface=lo",
      "--enable-ra", "--domain=\(domain)",
    ] + segments.map { "--interface=\($0.interface)" }
      + segments.flatMap { segment in
        ranges(of: segment, clients.filter { $0.segment == segment })
      }
      + clients.flatMap { client in
        client.leasedAddresses.map { address in
          let text = address.family == .ipv4 ? "\(address)" : "[\(address)]"
          return "--dhcp-host=\(hardwareText(client.hardwareAddress)),\(text)"
        }
      }
      + plan.others.map { station in
        let addresses = station.addresses.map(\.address.description)
        return "--host-record=" + ([station.serverName] + addresses).joined(separator: ",")
      }
  }

  private static func ranges(of segment: Segment, _ clients: [Station]) -> [String] {
    segment.hostAddresses.compactMap { own in
      let leased = clients.flatMap(\.leasedAddresses).filter { $0.family == own.family }.sorted()
      switch own.family {
      case .ipv4:
        guard let first = leased.first, let last = leased.last else { return nil }
        return "--dhcp-range=\(first),\(last),1h"
      case .ipv6:
        guard let first = leased.first, let last = leased.last else {
          return "--dhcp-range=\(own.prefix.address),ra-only,\(own.length),1h"
        }
        return "--dhcp-range=\(first),\(last),slaac,\(own.length),1h"
      }
    }
  }
}

extension Station {
  /// What the server calls it.
  var serverName: String { "\(name).\(AddressServer.domain)" }

  /// The addresses that it gets by DHCP.
  var leasedAddresses: [IPAddress] {
    addresses.map(\.address).filter { $0.family == .ipv4 || !makesItself($0) }
  }

  /// Whether it makes `address` itself, of an advertised prefix and its hardware address (RFC 4862,
  /// RFC 4291 appendix A).
  func makesItself(_ address: IPAddress) -> Bool {
    let hardware = hardwareAddress
    let identifier = [hardware[0] ^ 2] + hardware[1...2] + [0xFF, 0xFE] + hardware[3...]
    return address.family == .ipv6 && Array(address.bytes.suffix(8)) == identifier
  }
}
