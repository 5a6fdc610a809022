import Netfilter

extension Rule {
  /// The names of the sets and maps that the rule looks into or adds to.
  var setNames: [String] { matches.compactMap(\.setName) + actions.compactMap(\.setName) }
}

extension Match {
  fileprivate var setName: String? {
    switch self {
    case .inputInterface(.isIn(let set)), .inputInterface(.isNotIn(let set)),
      .outputInterface(.isIn(let set)), .outputInterface(.isNotIn(let set)),
      .connectionsOver(_, perSource: true, let set), .remembered(_, let set, _):
      set
    case .source(let match), .destination(let match), .arpSenderAddress(let match),
      .arpTargetAddress(let match), .neighborTarget(let match):
      match.setName
    case .limit(let limit): limit.perSourceMeter
    case .family, .inputInterface, .outputInterface, .inputBridge, .outputBridge, .sourceIsLocal,
      .destinationIsLocal, .transport, .sourcePort, .destinationPort, .icmp, .connectionState,
      .destinationTranslated, .originalDirection, .mark, .connectionsOver, .sourceMAC, .etherType,
      .arpSenderMAC, .connectionAttempt:
      nil
    }
  }
}

extension AddressMatch {
  fileprivate var setName: String? {
    if case .set(let name, _) = operand { name } else { nil }
  }
}

extension Action {
  fileprivate var setName: String? {
    switch self {
    case .dispatch(_, let map), .destinationNAT(.map(let map)): map
    case .remember(_, let set), .learnOutputInterface(let set): set
    case .counter, .log, .setMark, .verdict, .reject, .destinationNAT(.address), .sourceNAT,
      .masquerade, .clampMSS, .fixChecksum:
      nil
    }
  }
}
