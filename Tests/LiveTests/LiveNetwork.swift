import Foundation
import TestSupport

/// A host with a bridge, two containers on it, and somebody outside, each in its own namespace.
///
/// The host is 10.20.0.1 on `br-lab` and 10.99.0.1 on `up0`; `web` is 10.20.0.10, `db` 10.20.0.11,
/// `client` 10.99.0.2.
final class LiveNetwork: Sendable {
  let host: LiveHost
  let web: NetworkNamespace
  let db: NetworkNamespace
  let client: NetworkNamespace

  init() throws {
    host = try LiveHost()
    let group = Int(host.namespace.name.split(separator: "-")[2]) ?? 0
    let others = try NetworkNamespace.create(["web", "db", "client"], of: group)
    (web, db, client) = (others[0], others[1], others[2])
    try host.namespace.configure([
      "link add br-lab type bridge", "addr add 10.20.0.1/24 dev br-lab", "link set br-lab up",
    ])
    try join(web, "p-web", "10.20.0.10/24", "10.20.0.1")
    try join(db, "p-db", "10.20.0.11/24", "10.20.0.1")
    try host.namespace.configure(["link set p-web master br-lab", "link set p-db master br-lab"])
    try join(client, "up0", "10.99.0.2/24", "10.99.0.1")
    try host.namespace.configure(["addr add 10.99.0.1/24 dev up0"])
    // Datagrams that nobody answers are forgotten soon: each change looks at every connection.
    try host.namespace.set([("ipv4/ip_forward", 1), ("netfilter/nf_conntrack_udp_timeout", 2)])
  }

  deinit {
    try? NetworkNamespace.remove([web, db, client])
  }

  /// Puts `guest` behind a port of the host, with an address and a way out.
  func join(
    _ guest: NetworkNamespace, _ port: String, _ address: String, _ gateway: String
  ) throws {
    try host.namespace.configure([
      "link add \(port) type veth peer name eth0 netns \(guest.name)", "link set \(port) up",
    ])
    try guest.configure([
      "link set lo up", "addr add \(address) dev eth0", "link set eth0 up",
      "route add default via \(gateway)",
    ])
  }

  /// Starts a Python program of a file in this folder in a namespace.
  func python(
    file: String, _ words: [String], in namespace: NetworkNamespace
  ) throws -> RunningCommand {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let path = folder.appending(path: file).path()
    return try namespace.perform { try Command(["python3", path] + words).start() }
  }

  /// Starts a Python program in a namespace.
  func python(
    _ program: String, _ words: [String], in namespace: NetworkNamespace
  ) throws -> RunningCommand {
    try namespace.perform { try Command(["python3", "-c", program] + words).start() }
  }
}
