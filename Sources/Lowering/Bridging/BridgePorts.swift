import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// How rules find the frames of one bridge.
///
/// Where the kernel knows `meta obrname`, by it. Where it does not, by two things. Frames that bear
/// the network's prefixes, to or from, are the network's. And a frame that the host itself sends to
/// the prefixes, or with which it asks for an address there, leaves by a port of the bridge: that
/// port is remembered, and no guest can forge it. Frames are only ever forwarded within a bridge, so
/// one known port of the two is enough.
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
  private var learns: Bool { !context.knowsBridges && !network.isOnLAN }

  func declare(_ table: inout TableBuilder) {
    if learns { table.add(NamedSet(set, .learnedInterfaces(timeout: Self.memory))) }
  }

  /// The rules that remember ports, for frames that the host sends.
  var learning: [Rule] {
    guard learns else { return [] }
    let learn = Action.learnOutputInterface(set: set)
    let subnets = network.subnets.map { (AddressMatch($0.value), context.origin($0.span)) }
    let toMembers = subnets.map { Rule([.destination($0)], [learn], origin: $1) }
    // A request for an address goes to every port: IPv4 asks by ARP, IPv6 by multicast. What it
    // asks for tells the bridge. The host's address there does not, for the host answers with it,
    // and asks for the way to whom it answers, on other bridges as well.
    let forMembers = subnets.map { subnet, origin in
      Rule(
        subnet.family == .ipv4
          ? [.etherType(.arp), .arpTargetAddress(subnet)]
          : [.icmp(.ipv6, type: neighborMessages[0], code: nil), .neighborTarget(subnet)],
        [learn], origin: origin)
    }
    return toMembers + forMembers
  }

  /// The rules that send frames of the bridge to `chain`.
  func entries(to chain: String) -> [Rule] {
    if context.knowsBridges {
      return AddressFamily.allCases.map {
        context.rule(
          [.family($0), .outputBridge(context.interface(index))], .goto(chain))
      }
    }
    let prefixes = network.subnets.map { AddressMatch($0.value) }
    let bearing = (prefixes.map { Match.destination($0) } + prefixes.map { Match.source($0) }).map {
      context.rule([$0], .goto(chain))
    }
    guard learns else { return bearing }
    return AddressFamily.allCases.flatMap { family in
      [Match.outputInterface(.isIn(set)), .inputInterface(.isIn(set))].map {
        context.rule([.family(family), $0], .goto(chain))
      }
    } + bearing
  }
}
