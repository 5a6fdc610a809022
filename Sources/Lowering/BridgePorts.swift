import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// How rules find the frames of one bridge.
///
/// Where the kernel knows `meta obrname`, by it. Where it does not, by the ports: each port that
/// ever sent a packet or ARP request from the network's prefixes is remembered as the network's,
/// and so is everything to the prefixes. Frames are only ever forwarded within a bridge, so the
/// port that a frame leaves by tells its bridge.
struct BridgePorts {
  private let index: Int
  private let context: LoweringContext
  private let set: String

  /// How long a silent port is remembered, in seconds: longer than any neighbor cache entry.
  private static let memory = 86400

  init(_ index: Int, _ context: LoweringContext) {
    self.index = index
    self.context = context
    set = "ports-\(context.names[index])"
  }

  private var network: Network { context.network(index) }
  private var learns: Bool { !context.has(.bridgeMeta) && !network.isOnLAN }

  func declare(_ table: inout TableBuilder) {
    if learns { table.add(NamedSet(set, .learnedInterfaces(timeout: Self.memory))) }
  }

  /// The rules that remember ports.
  var learning: [Rule] {
    guard learns else { return [] }
    return network.subnets.flatMap { subnet in
      let match = AddressMatch(subnet.value)
      let learn = Action.learnInputInterface(set: set)
      let packets = Rule([.source(match)], [learn], origin: context.origin(subnet.span))
      guard subnet.value.family == .ipv4 else { return [packets] }
      let requests = Rule(
        [.etherType(.arp), .arpSenderAddress(match)], [learn],
        origin: context.origin(subnet.span))
      return [packets, requests]
    }
  }

  /// The rules that send frames of the bridge to `chain`.
  func entries(to chain: String) -> [Rule] {
    if context.has(.bridgeMeta) {
      return AddressFamily.allCases.map {
        context.rule(
          [.family($0), .outputBridge(context.interface(index))], .goto(chain))
      }
    }
    var prefixes = network.subnets.map {
      context.rule([.destination(AddressMatch($0.value))], .goto(chain))
    }
    guard learns else {
      // What a guest asks of machines beyond the LAN has to be known when the answer comes.
      prefixes += network.subnets.map {
        context.rule([.source(AddressMatch($0.value))], .goto(chain))
      }
      return prefixes
    }
    return AddressFamily.allCases.map {
      context.rule([.family($0), .outputInterface(.isIn(set))], .goto(chain))
    } + prefixes
  }
}
