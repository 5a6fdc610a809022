import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("Rewrites lead to the same place, whatever loads them")
struct RewritingTests {
  /// Servers on 127.0.0.9 that answer with their own port.
  private static let servers = """
    import socket, threading
    def serve(port):
        listener = socket.create_server(("127.0.0.9", port))
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.9", port))
        def accept():
            while True:
                client, _ = listener.accept()
                client.send(str(port).encode())
                client.close()
        def receive():
            while True:
                _, sender = datagrams.recvfrom(100)
                datagrams.sendto(str(port).encode(), sender)
        for task in (accept, receive):
            threading.Thread(target=task, daemon=True).start()
    """

  private func publishTable(_ elements: [AddressMap.Element]) -> Table {
    var table = Table(family: .inet, name: "bridgeward")
    table.addressMaps = [
      AddressMap(
        "publish4", .ipv4, [.transport, .destinationPort], rewritesPort: true, elements: elements),
      AddressMap(
        "ranges", .ipv4, [.destinationPort], rewritesPort: false, transport: .tcp,
        elements: [
          .init([.ports(PortRange(9000, 9100))], to: Sample.address("127.0.0.9"), port: nil)
        ]),
    ]
    table.chains = [
      Chain(
        "nat-output", .base(BaseChain(.nat, .output, priority: HookPriority.destinationNAT)),
        rules: [
          Rule([.family(.ipv4)], [.destinationNAT(.map("publish4"))]),
          Rule([.transport(.tcp)], [.destinationNAT(.map("ranges"))]),
        ])
    ]
    return table
  }

  @Test("single ports, ranges that move, ranges that stay", arguments: Loader.allCases)
  func publishing(_ loader: Loader) throws {
    let target = Sample.address("127.0.0.9")
    let table = publishTable([
      .init([.transport(.tcp), .ports(PortRange(80))], to: target, port: 8080),
      .init([.transport(.udp), .ports(PortRange(500, 510))], to: target, port: 600),
      .init([.transport(.tcp), .ports(PortRange(500, 510))], to: target, port: 500),
    ])
    let output = try loader.run(
      [table],
      """
      python3 - <<'EOF'
      \(Self.servers)
      for port in (8080, 500, 504, 510, 600, 604, 610, 9000, 9050):
          serve(port)
      for port in (80, 500, 504, 510, 9000, 9050):
          print(socket.create_connection(("127.0.0.1", port), 2).recv(100).decode())
      for port in (500, 504, 510):
          client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
          client.settimeout(2)
          client.sendto(b"?", ("127.0.0.1", port))
          print(client.recv(100).decode())
      EOF
      """)
    #expect(output == "8080\n500\n504\n510\n9000\n9050\n600\n604\n610\n")
  }

  /// What the other end of a link sees of a UDP packet's checksum: `nil` rules leave what the
  /// network card would have had to complete.
  @Test("UDP checksums are made good", arguments: Loader.allCases)
  func checksums(_ loader: Loader) throws {
    var table = Table(family: .inet, name: "bridgeward")
    table.chains = [
      Chain(
        "mangle-postrouting",
        .base(BaseChain(.filter, .postrouting, priority: HookPriority.mangle)),
        rules: [
          Rule(
            [.family(.ipv4), .transport(.udp), .destinationPort([PortRange(68)])], [.fixChecksum])
        ])
    ]
    let output = try loader.run(
      [table],
      """
      ip link add left type veth peer name right
      for link in left right; do ip link set $link up; done
      ip addr add 10.0.0.1/24 dev left
      ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev left
      python3 - <<'EOF'
      import socket, struct
      frames = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
      frames.bind(("right", 0))
      frames.settimeout(2)
      def sum16(data):
          total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
          while total >> 16:
              total = (total & 0xFFFF) + (total >> 16)
          return total
      for port in (68, 69):
          socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"data", ("10.0.0.2", port))
          packet = frames.recv(2000)[14:]
          udp = packet[20:]
          pseudo = packet[12:20] + struct.pack("!HH", 17, len(udp))
          given = struct.unpack("!H", udp[6:8])[0]
          print("good" if given == 0 or sum16(pseudo + udp) == 0xFFFF else "bad")
      EOF
      """)
    #expect(output == "good\nbad\n")
  }
}
