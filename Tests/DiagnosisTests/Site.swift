import Foundation
import TestSupport

/// A client out in the world, the host, and a guest on a bridge.
struct Site {
  let client: NetworkNamespace
  let host: NetworkNamespace
  let guest: NetworkNamespace
  private let servers: [RunningCommand]

  init(group: Int) throws {
    let made = try NetworkNamespace.create(["client", "host", "guest"], of: group)
    (client, host, guest) = (made[0], made[1], made[2])
    try host.configure([
      "link set lo up", "link add eth0 type veth peer name eth0 netns \(client.name)",
      "link add br-front type bridge forward_delay 0",
      "link add to-guest type veth peer name eth0 netns \(guest.name)",
      "link set to-guest master br-front", "link set to-guest up", "link set br-front up",
      "link set eth0 up", "addr add 198.51.100.1/24 dev eth0",
      "addr add 172.18.0.1/16 dev br-front",
    ])
    try client.configure(["link set eth0 up", "addr add 198.51.100.7/24 dev eth0"])
    try guest.configure([
      "link set eth0 up", "addr add 172.18.0.10/16 dev eth0", "route add default via 172.18.0.1",
    ])
    try host.set([("ipv4/ip_forward", 1)])
    servers = [
      try Self.serve(80, "guest", in: guest), try Self.serve(9000, "host", in: host),
      try Self.serve(443, "client", in: client),
    ]
  }

  /// A server that says who it is and whom it sees.
  private static func serve(
    _ port: Int, _ name: String, in place: NetworkNamespace
  ) throws -> RunningCommand {
    let program = """
      import socket
      s = socket.create_server(("", \(port)))
      s.settimeout(60)
      while True:
        c, peer = s.accept()
        try: c.sendall(b"\(name) sees " + peer[0].encode())
        except OSError: pass
        c.close()
      """
    return try place.perform {
      try TestSupport.Command(["python3", "-c", program]).start()
    }
  }

  func remove() {
    for server in servers { server.stop() }
    try? NetworkNamespace.remove([client, host, guest])
  }

  func load(_ policy: String) throws {
    let rules = try Command([Self.program, "compile", "--target", "nft", policy]).run()
    try host.perform { _ = try Command(["nft", "-f", "-"], input: rules).run() }
  }

  /// The program that was built with the tests.
  static let program = Bundle.main.bundleURL.appendingPathComponent("bridgeward").path

  func doctor(_ policy: String) throws -> Command.Result {
    try bridgeward("doctor", "--format", "json", policy)
  }

  /// Runs the program on the host.
  func bridgeward(_ arguments: String...) throws -> Command.Result {
    try run([Self.program] + arguments)
  }

  /// Runs a command on the host.
  func run(_ words: [String]) throws -> Command.Result {
    // ip-netns(8) shows the namespace's own sysfs, too.
    try Command(["ip", "netns", "exec", host.name] + words).result()
  }

  /// Whether a connection of the client comes about.
  func reaches(_ port: Int) throws -> Bool { try answer(to: client, "198.51.100.1", port) != nil }

  /// What the server says to a client in `place`; `nil` where no connection comes about.
  func answer(to place: NetworkNamespace, _ address: String, _ port: Int) throws -> String? {
    let program = """
      import socket, sys
      try:
        c = socket.create_connection(("\(address)", \(port)), 3.5)
        sys.stdout.write(c.recv(100).decode())
      except OSError: sys.exit(1)
      """
    let result = try place.perform { try Command(["python3", "-c", program]).result() }
    return result.status == 0 ? result.output : nil
  }
}
