import Glibc
import NetworkTypes

/// Groups that every station listens to, the host on each of its links.
package enum MulticastGroup {
  /// One that routers carry further (RFC 2365, RFC 4291).
  package static let everywhere = AddressPair(("239.255.7.7", "ff05::707"))
  /// One that stays on its link: that of mDNS (RFC 6762).
  package static let neighbors = AddressPair(("224.0.0.251", "ff02::fb"))
}

/// The host's multicast routes, as a routing daemon would set them: what a station sends to a group
/// goes to every other segment. They are gone when the router is.
struct MulticastRouter {
  private let sockets: [Socket]

  init(_ topology: RouterTopology) throws {
    let plan = topology.plan
    sockets = try topology[plan.host].perform {
      try AddressFamily.allCases.map { family in try Self.route(plan, family) }
    }
  }

  // ip(7) and linux/mroute.h; linux/mroute6.h has the same numbers.
  private enum Option {
    static let initialize: Int32 = 200
    static let addInterface: Int32 = 202
    static let addRoute: Int32 = 204
  }

  private static func route(_ plan: TopologyPlan, _ family: AddressFamily) throws -> Socket {
    let socket = try Socket(raw: family == .ipv4 ? .igmp : .icmpv6, family)
    let level = Int32(family == .ipv4 ? IPPROTO_IP : IPPROTO_IPV6)
    try socket.set(level, Option.initialize, 1)
    for (number, segment) in plan.segments.enumerated() {
      let index = unsafe if_nametoindex(segment.interface)
      guard index != 0 else { throw SystemCallError("if_nametoindex \(segment.interface)") }
      let bytes = interface(number, index: index, family)
      try socket.set(level, Option.addInterface, bytes)
    }
    for station in plan.others {
      guard let source = station.address(family),
        let parent = plan.segments.firstIndex(of: station.segment)
      else { continue }
      let others = plan.segments.indices.filter { $0 != parent }
      try socket.set(level, Option.addRoute, entry(source, from: parent, to: others))
    }
    return socket
  }

  /// `vifctl` with `VIFF_USE_IFINDEX`, or `mif6ctl`.
  private static func interface(_ number: Int, index: UInt32, _ family: AddressFamily) -> [UInt8] {
    switch family {
    case .ipv4:
      native(UInt16(number)) + [8, 1] + native(UInt32(0)) + native(index) + native(UInt32(0))
    case .ipv6:
      native(UInt16(number)) + [0, 1] + native(UInt16(index)) + [0, 0] + native(UInt32(0))
    }
  }

  /// `mfcctl`, or `mf6cctl`.
  private static func entry(_ source: IPAddress, from parent: Int, to others: [Int]) -> [UInt8] {
    let group = MulticastGroup.everywhere[source.family]
    switch source.family {
    case .ipv4:
      let ttls = (0..<32).map { UInt8(others.contains($0) ? 1 : 0) }
      return source.bytes + group.bytes + native(UInt16(parent)) + ttls
        + [UInt8](repeating: 0, count: 18)
    case .ipv6:
      let set = others.reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
      return SocketAddress(source, 0).bytes + SocketAddress(group, 0).bytes
        + native(UInt16(parent)) + [0, 0] + native(set) + [UInt8](repeating: 0, count: 28)
    }
  }

  private static func native<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    unsafe withUnsafeBytes(of: value) { unsafe Array($0) }
  }
}
