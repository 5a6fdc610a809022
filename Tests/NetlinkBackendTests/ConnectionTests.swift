import NetlinkBackend
import NetworkTypes
import TestSupport
import Testing

/// Exactly the connections that are meant are forgotten.
@Suite struct ConnectionTests {
  /// A connection that the test makes up.
  private struct Entry {
    let transport: String
    let source: String
    let destination: String
    let port: Int
    let responder: String
    let number: Int
  }

  private static let entries = [
    Entry(
      transport: "tcp", source: "198.51.100.1", destination: "203.0.113.7", port: 80,
      responder: "172.18.0.10", number: 1),
    Entry(
      transport: "tcp", source: "198.51.100.2", destination: "203.0.113.7", port: 80,
      responder: "172.18.0.11", number: 2),
    Entry(
      transport: "udp", source: "198.51.100.1", destination: "203.0.113.7", port: 80,
      responder: "172.18.0.10", number: 3),
    Entry(
      transport: "tcp", source: "198.51.100.1", destination: "203.0.113.8", port: 80,
      responder: "203.0.113.8", number: 4),
    Entry(
      transport: "tcp", source: "198.51.100.1", destination: "203.0.113.7", port: 85,
      responder: "172.18.0.10", number: 5),
    Entry(
      transport: "tcp", source: "2001:db8::1", destination: "2001:db8::7", port: 80,
      responder: "fd00::10", number: 6),
  ]

  private func insert(_ entry: Entry) throws {
    let port = "\(40_000 + entry.number)"
    try Command(
      [
        "conntrack", "-I", "-p", entry.transport, "-s", entry.source, "-d", entry.destination,
        "--sport", port, "--dport", "\(entry.port)", "-r", entry.responder, "-q", entry.source,
        "--reply-port-src", "8080", "--reply-port-dst", port, "-t", "600", "-m",
        "\(entry.number)",
      ] + (entry.transport == "tcp" ? ["--state", "ESTABLISHED"] : [])
    ).run()
  }

  /// The numbers of the connections that are left, sorted.
  private func left() throws -> [Int] {
    let text = try ["ipv4", "ipv6"].map {
      try Command(["conntrack", "-L", "-f", $0]).run()
    }.joined()
    return text.matches(of: /mark=(\d+)/).compactMap { Int($0.1) }.filter { $0 > 0 }.sorted()
  }

  private func expect(
    _ filters: [ConnectionFilter], forget numbers: [Int],
    _ sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try inNamespace {
      for entry in Self.entries { try insert(entry) }
      #expect(try left() == [1, 2, 3, 4, 5, 6], sourceLocation: sourceLocation)
      var session = try NetlinkSession()
      let count = try session.deleteConnections(matching: filters)
      #expect(count == numbers.count, sourceLocation: sourceLocation)
      #expect(
        try left() == [1, 2, 3, 4, 5, 6].filter { !numbers.contains($0) },
        sourceLocation: sourceLocation)
    }
  }

  private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

  @Test func byAddressAndPort() throws {
    try expect(
      [
        ConnectionFilter(
          family: .ipv4, .tcp, destination: try address("203.0.113.7"), ports: PortRange(80))
      ], forget: [1, 2])
  }

  @Test func byWhoAnswers() throws {
    try expect(
      [
        ConnectionFilter(
          family: .ipv4, .tcp, ports: PortRange(80), responder: try address("172.18.0.10"))
      ], forget: [1])
  }

  @Test func byRangesOfPorts() throws {
    try expect(
      [
        ConnectionFilter(
          family: .ipv4, .tcp, destination: try address("203.0.113.7"), ports: PortRange(81, 90)),
        ConnectionFilter(family: .ipv4, .udp, ports: PortRange(1, 100)),
      ], forget: [3, 5])
  }

  @Test func ofIPv6() throws {
    try expect(
      [
        ConnectionFilter(
          family: .ipv6, .tcp, destination: try address("2001:db8::7"), ports: PortRange(80))
      ], forget: [6])
  }

  @Test func noneWithoutFilters() throws {
    try expect([], forget: [])
    try expect([ConnectionFilter(family: .ipv4, .sctp, ports: PortRange.all)], forget: [])
  }
}
