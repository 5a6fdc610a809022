import Evaluation
import Netfilter
import NetworkTypes
import RulesetTestSupport

/// A host with a bridge `br`, two guests on its ports and a card `eth0`, and rules to try on it.
struct Lab {
  static let web = Sample.address("10.1.0.2")
  static let db = Sample.address("10.1.0.3")
  static let gateway = Sample.address("10.1.0.1")
  static let host = Sample.address("192.0.2.1")
  static let lan = Sample.address("192.0.2.9")
  static let far = Sample.address("203.0.113.9")

  static let bridge = Sample.interface("br")
  static let card = Sample.interface("eth0")
  static let webPort = Sample.interface("p-web")
  static let dbPort = Sample.interface("p-db")

  static let fromWeb = Ingress.interface(webPort)
  static let fromDB = Ingress.interface(dbPort)
  static let fromLAN = Ingress.interface(card)

  /// - Parameter filtersBridged: whether bridged frames pass the IP rules; then ports send frames
  ///   back, too.
  static func topology(filtersBridged: Bool = false) -> Topology {
    Topology(
      interfaces: [
        Topology.Interface(.loopback, .loopback, [own("127.0.0.1", 8), own("::1", 128)]),
        Topology.Interface(
          bridge, .bridge, [own("10.1.0.1", 24), own("fd00:1::1", 64)], routesLoopback: true),
        Topology.Interface(card, .plain, [own("192.0.2.1", 24), own("2001:db8::1", 64)]),
        Topology.Interface(webPort, .port(of: bridge, returnsFrames: filtersBridged)),
        Topology.Interface(dbPort, .port(of: bridge, returnsFrames: filtersBridged)),
      ],
      routes: [
        Topology.Route(
          AddressPrefix(masking: Sample.address("0.0.0.0"), length: 0), by: card,
          gateway: Sample.address("192.0.2.254"))
      ],
      neighbors: [
        Topology.Neighbor(
          [web, Sample.address("fd00:1::2")], behind: webPort,
          hardwareAddress: MACAddress(bits: 2)),
        Topology.Neighbor([db, Sample.address("fd00:1::3")], behind: dbPort),
      ], filtersBridged: filtersBridged ? [.ipv4, .ipv6] : [])
  }

  private static func own(_ address: String, _ length: Int) -> Topology.OwnAddress {
    Topology.OwnAddress(Sample.address(address), length: length)
  }

  /// The lab with these chains in an `inet` table, and those in a `bridge` table.
  static func evaluator(
    _ chains: [Chain], frames: [Chain] = [], sets: [NamedSet] = [],
    addressMaps: [AddressMap] = [], filtersBridged: Bool = false
  ) -> Evaluator {
    var table = Table(family: .inet, name: "t")
    table.chains = chains
    table.sets = sets
    table.addressMaps = addressMaps
    var bridge = Table(family: .bridge, name: "b")
    bridge.chains = frames
    bridge.sets = sets
    return Evaluator(
      Ruleset(tables: [table, bridge]), topology(filtersBridged: filtersBridged))
  }

  static func base(
    _ name: String, _ purpose: BaseChain.Purpose, _ hook: Hook, _ priority: Int32,
    _ rules: [Rule]
  ) -> Chain {
    Chain(name, .base(BaseChain(purpose, hook, priority: priority)), rules: rules)
  }

  static let acceptReplies = Rule(
    [.connectionState([.established, .related])], [.verdict(.accept)])
  static let drop = Rule([], [.verdict(.drop)])

  static func tcp(from source: IPAddress, to destination: IPAddress, port: UInt16) -> Packet {
    .first(.tcp, from: source, to: destination, port: port)
  }
}

extension Passage {
  /// Whether it left by the interface, and of a bridge by the port.
  func left(by interface: InterfaceName, _ port: InterfaceName? = nil) -> Bool {
    fate == .sent(by: interface, port: port)
  }
}
