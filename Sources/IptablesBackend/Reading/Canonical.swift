import Netfilter
import NetworkTypes

extension Legalized {
  /// What iptables-save is to show of ours after loading.
  package var own: OwnRuleset {
    var result = OwnRuleset(family)
    for table in tables {
      let chains = table.chains.map { chain in
        OwnChain(name: chain.name, lines: chain.rules.map { .rule($0.withRemark.canonical) })
      }
      result[table.name].chains = chains.sorted {
        $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
      }
    }
    for name in TableName.allCases {
      result[name].calls = hooks.filter { $0.table == name }.inOrder
    }
    return result
  }
}

extension IptablesRule {
  /// The rule with its printed remark for a comment.
  fileprivate var withRemark: IptablesRule {
    var writer = RestoreWriter(family: .ipv4, capacity: 256)
    writer.writeRemarkText(self)
    let remark = String(decoding: writer.text.bytes, as: UTF8.self)
    return IptablesRule(
      matches: matches, target: target, origin: nil, comment: remark.isEmpty ? nil : remark)
  }

  /// The rule as the kernel gives it back.
  var canonical: IptablesRule {
    var seen: Set<IptablesMatch> = []
    let kept = matches.map(\.canonical).filter {
      seen.insert($0).inserted || $0.isCounting
    }
    let sorted = kept.enumerated().sorted { left, right in
      let ranks = (left.element.rank, right.element.rank)
      if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
      // Two of a kind: any order will do that is always the same. What counts stays as it is.
      if left.element.isCounting { return left.offset < right.offset }
      return "\(left.element)" < "\(right.element)"
    }
    return IptablesRule(
      matches: sorted.map(\.element), target: target.canonical, origin: nil, comment: comment)
  }
}

extension IptablesMatch {
  fileprivate var canonical: IptablesMatch {
    switch self {
    case .limit(let count, let unit, let burst):
      // XT_LIMIT_SCALE.
      let rate = savedRate(count, unit, scale: 10_000)
      return .limit(count: rate.count, rate.unit, burst: burst)
    case .hashLimit(let count, let unit, let burst, let perSource, let name):
      let rate = savedRate(count, unit, scale: hashLimitScale)
      return .hashLimit(
        count: rate.count, rate.unit, burst: burst, perSource: perSource, name: name)
    case .inputInterface, .outputInterface, .source, .destination, .sourceIsLocal,
      .destinationIsLocal, .transport, .sourcePorts, .destinationPorts, .icmp, .connectionState,
      .destinationTranslated, .originalDirection, .mark, .connectionsOver, .sourceMAC,
      .connectionAttempt, .handshake:
      return self
    }
  }

  /// Whether asking changes the answer of the next time.
  fileprivate var isCounting: Bool { rank >= 100 }

  /// The order in which conditions are kept here.
  fileprivate var rank: Int {
    switch self {
    case .source: 0
    case .destination: 1
    case .inputInterface: 2
    case .outputInterface: 3
    case .transport: 4
    case .sourceIsLocal: 5
    case .destinationIsLocal: 6
    case .sourcePorts: 7
    case .destinationPorts: 8
    case .icmp: 9
    case .connectionAttempt: 10
    case .handshake: 11
    case .connectionState: 12
    case .destinationTranslated: 13
    case .originalDirection: 14
    case .mark: 15
    case .sourceMAC: 16
    case .limit, .hashLimit, .connectionsOver: 100
    }
  }
}

extension IptablesTarget {
  fileprivate var canonical: IptablesTarget {
    switch self {
    case .log(let prefix):
      var text = TextBuffer(capacity: 32)
      text.append(quotable: prefix, limit: RestoreWriter.logPrefixLimit)
      return .log(prefix: String(decoding: text.bytes, as: UTF8.self))
    case .destination(let address, let shifted?) where shifted.ports.count == 1:
      return .destination(
        address, ports: ShiftedPorts(ports: shifted.ports, base: shifted.ports.lower))
    case .none, .accept, .drop, .return, .jump, .goto, .setMark, .reject, .destination, .source,
      .masquerade, .clampMSS, .fillChecksum:
      return self
    }
  }
}

/// The rate that iptables-save prints for a rate: the kernel keeps the time between two packets,
/// and iptables tells it in the shortest unit that loses nothing (`print_rate` in libxt_limit.c).
///
/// - Parameter scale: the kernel's ticks in a second.
func savedRate(
  _ count: UInt32, _ unit: Limit.Unit, scale: UInt64
) -> (count: UInt32, unit: Limit.Unit) {
  let period = scale * unit.seconds / UInt64(max(count, 1))
  guard period > 0 else { return (count, unit) }
  var best = Limit.Unit.day
  for shorter in [Limit.Unit.hour, .minute, .second] {
    let ticks = scale * shorter.seconds
    if period > ticks || ticks / period < ticks % period { break }
    best = shorter
  }
  return (UInt32(clamping: scale * best.seconds / period), best)
}

/// XT_HASHLIMIT_SCALE_v2.
let hashLimitScale: UInt64 = 1_000_000
