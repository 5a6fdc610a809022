import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("Limits count the same, whatever loads them")
struct CountingTests {
  private static let echo = Match.icmp(.ipv4, type: 8, code: nil)

  /// Five pings from each of two sources; says how many were answered.
  private static let pings = """
    for source in 127.0.0.1 127.0.0.2; do
      ping -c 5 -i 0.01 -W 1 -I $source 127.0.0.9 | sed -n 's/.* \\([0-9]*\\) received.*/\\1/p'
    done
    """

  private func limited(_ meter: String?) -> [Rule] {
    let limit = Limit(count: 1, unit: .minute, burst: 3, perSourceMeter: meter)
    return [
      Rule([Self.echo, .limit(limit)], [.counter, .log(prefix: "fine "), .verdict(.accept)]),
      Rule([Self.echo], [.verdict(.drop)]),
    ]
  }

  @Test("a limit over all sources lets its burst pass once", arguments: Loader.allCases)
  func limitOverAll(_ loader: Loader) throws {
    #expect(try loader.run([inputTable(limited(nil))], Self.pings) == "3\n0\n")
  }

  @Test("a limit per source lets its burst pass once for each", arguments: Loader.allCases)
  func limitPerSource(_ loader: Loader) throws {
    let table = inputTable(limited("rate4"), sets: [NamedSet("rate4", .meter(.ipv4))])
    #expect(try loader.run([table], Self.pings) == "3\n3\n")
  }

  @Test(
    "a limit counts once, also where its other conditions are a list", arguments: Loader.allCases)
  func limitOnAList(_ loader: Loader) throws {
    let limit = Limit(count: 1, unit: .minute, burst: 3, perSourceMeter: nil)
    let sources = AddressMatch(.set("sources", .ipv4))
    let ranges = ["127.0.0.1", "127.0.0.2", "10.0.0.0/8"].map(Sample.range)
    let table = inputTable(
      [
        Rule([Self.echo, .source(sources), .limit(limit)], [.verdict(.return)]),
        Rule([Self.echo], [.verdict(.drop)]),
      ], sets: [NamedSet("sources", .addresses(.ipv4, AddressSet(ranges).ranges))])
    #expect(try loader.run([table], Self.pings) == "3\n0\n")
  }

  @Test("connections beyond the count are refused, for each source", arguments: Loader.allCases)
  func connections(_ loader: Loader) throws {
    let attempt: [Match] = [
      .transport(.tcp), .destinationPort([PortRange(7000)]), .connectionState([.new]),
    ]
    let over = Match.connectionsOver(count: 2, perSource: true, meter: "connections4")
    let table = inputTable(
      [Rule([.family(.ipv4)] + attempt + [over], [.reject(.tcpReset)])],
      sets: [NamedSet("connections4", .meter(.ipv4))])
    let output = try loader.run(
      [table],
      """
      python3 - <<'EOF'
      import socket
      listener = socket.create_server(("127.0.0.9", 7000))
      opened = []
      for source in ["127.0.0.1"] * 4 + ["127.0.0.2"] * 4:
          try:
              opened.append(socket.create_connection(("127.0.0.9", 7000), 2, (source, 0)))
              print("open")
          except ConnectionRefusedError:
              print("refused")
      EOF
      """)
    let wanted = "open\nopen\nrefused\nrefused\n"
    #expect(output == wanted + wanted)
  }
}
