import IptablesBackend
import NetlinkBackend
import NetworkTypes

/// The connections through mapped ports that lead elsewhere, or nowhere, after a change.
///
/// - Complexity: linear in the ports of the lines that differ.
func endedConnections(from old: IptablesState, to new: IptablesState) -> [ConnectionFilter] {
  zip(old.rulesets, new.rulesets).flatMap { old, new -> [ConnectionFilter] in
    let lines = (Set(old.mappingRules), Set(new.mappingRules))
    let gone = lines.0.subtracting(lines.1).flatMap(MappedPort.all)
    let kept = Set(lines.1.subtracting(lines.0).flatMap(MappedPort.all))
    return Set(gone).subtracting(kept).sorted().map { $0.connections(old.family) }
  }
}

/// One port that is mapped to one of a container.
private struct MappedPort: Hashable, Comparable {
  let transport: TransportProtocol
  /// `nil` for every address of the host.
  let address: IPAddress?
  let port: UInt16
  let target: IPAddress
  let targetPort: UInt16

  /// Every port that a rule maps.
  static func all(_ rule: MappingRule) -> [MappedPort] {
    guard case .destination(let target, let shifted) = rule.target else { return [] }
    var transport: TransportProtocol?
    var address: IPAddress?
    var ports: [PortRange] = []
    for match in rule.matches {
      switch match {
      case .transport(let value): transport = value
      case .destinationPorts(let list): ports = list
      case .destination(let range, negated: false) where range.first == range.last:
        address = range.first
      case .destination, .inputInterface, .outputInterface, .source, .sourceIsLocal,
        .destinationIsLocal, .sourcePorts, .icmp, .connectionState, .destinationTranslated,
        .originalDirection, .mark, .limit, .hashLimit, .connectionsOver, .sourceMAC,
        .connectionAttempt, .handshake:
        continue
      }
    }
    guard let transport else { return [] }
    return ports.flatMap { range in
      (range.lower...range.upper).map { port in
        let offset = shifted.map { Int($0.ports.lower) - Int($0.base) } ?? 0
        let isOne = shifted.map { $0.ports.count == 1 } ?? false
        let moved = isOne ? Int(shifted?.ports.lower ?? port) : Int(port) + offset
        return MappedPort(
          transport: transport, address: address, port: port, target: target,
          targetPort: UInt16(truncatingIfNeeded: moved))
      }
    }
  }

  func connections(_ family: AddressFamily) -> ConnectionFilter {
    ConnectionFilter(
      family: family, transport, destination: address, ports: PortRange(port), responder: target)
  }

  static func < (left: Self, right: Self) -> Bool {
    (left.port, "\(left.transport)", left.target, left.targetPort)
      < (right.port, "\(right.transport)", right.target, right.targetPort)
  }
}

/// A rule that maps ports, whatever line of a policy it comes from.
private struct MappingRule: Hashable {
  let matches: [IptablesMatch]
  let target: IptablesTarget
}

extension OwnRuleset {
  fileprivate var mappingRules: [MappingRule] {
    self[.nat].chains.flatMap(\.lines).compactMap { line in
      guard case .rule(let rule) = line, case .destination = rule.target else { return nil }
      return MappingRule(matches: rule.matches, target: rule.target)
    }
  }
}
