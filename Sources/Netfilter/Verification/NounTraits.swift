package import NetworkTypes

extension Match {
  /// The family that packets must have to match, where the condition implies one.
  package var family: AddressFamily? {
    switch self {
    case .family(let family), .icmp(let family, _, _): family
    case .source(let match), .destination(let match): match.family
    case .remembered(let key, _, _): key.family
    case .neighborTarget: .ipv6
    case .inputInterface, .outputInterface, .inputBridge, .outputBridge, .sourceIsLocal,
      .destinationIsLocal, .transport, .sourcePort, .destinationPort, .connectionState,
      .destinationTranslated, .originalDirection, .mark, .limit, .connectionsOver, .sourceMAC,
      .etherType, .arpSenderAddress, .arpSenderMAC, .arpTargetAddress, .connectionAttempt:
      nil
    }
  }

  /// The only family of tables that has the condition; `nil` where both have it.
  var tableFamily: TableFamily? {
    switch self {
    case .sourceIsLocal, .destinationIsLocal: .inet
    case .inputBridge, .outputBridge, .etherType, .arpSenderAddress, .arpSenderMAC,
      .arpTargetAddress:
      .bridge
    case .family, .inputInterface, .outputInterface, .source, .destination, .transport,
      .sourcePort, .destinationPort, .icmp, .connectionState, .destinationTranslated,
      .originalDirection, .mark, .limit, .connectionsOver, .sourceMAC, .neighborTarget,
      .connectionAttempt, .remembered:
      nil
    }
  }
}

extension Action {
  /// Whether nothing after it in the rule can happen.
  var endsRule: Bool {
    switch self {
    case .verdict, .reject, .destinationNAT(.address), .sourceNAT, .masquerade: true
    case .counter, .log, .setMark, .dispatch, .destinationNAT(.map), .clampMSS, .fixChecksum,
      .remember, .learnOutputInterface:
      false
    }
  }
}

extension KeyField {
  var family: AddressFamily? {
    switch self {
    case .sourceAddress(let family), .destinationAddress(let family): family
    case .inputInterface, .outputInterface, .transport, .destinationPort: nil
    }
  }
}

extension FlowKey {
  var family: AddressFamily {
    switch self {
    case .ports(let family, _), .echo(let family), .addresses(let family): family
    }
  }
}

extension NamedSet.Content {
  var isMeter: Bool {
    if case .meter = self { true } else { false }
  }

  var holdsInterfaces: Bool {
    switch self {
    case .interfaces, .learnedInterfaces: true
    case .addresses, .flows, .meter: false
    }
  }

  var holdsLearnedInterfaces: Bool {
    if case .learnedInterfaces = self { true } else { false }
  }

  func holds(_ key: FlowKey) -> Bool {
    if case .flows(let own, _) = self { own == key } else { false }
  }

  func holdsAddresses(of family: AddressFamily) -> Bool {
    if case .addresses(let own, _) = self { own == family } else { false }
  }
}
