import Netfilter

/// A kind of condition or effect of the intermediate representation.
enum NounKind: String, CaseIterable, Sendable {
  case family, inputInterface, outputInterface, inputBridge, outputBridge, source, destination
  case sourceIsLocal, destinationIsLocal, transport, sourcePort, destinationPort, icmp
  case connectionState, destinationTranslated, originalDirection, mark, limit, connectionsOver
  case sourceMAC, etherType, arpSenderAddress, arpSenderMAC, arpTargetAddress, neighborTarget
  case connectionAttempt, remembered
  case counter, log, setMark, verdict, reject, dispatch, destinationNAT, sourceNAT, masquerade
  case clampMSS, fixChecksum, remember, learnOutputInterface

  init(_ match: Match) {
    self =
      switch match {
      case .family: .family
      case .inputInterface: .inputInterface
      case .outputInterface: .outputInterface
      case .inputBridge: .inputBridge
      case .outputBridge: .outputBridge
      case .source: .source
      case .destination: .destination
      case .sourceIsLocal: .sourceIsLocal
      case .destinationIsLocal: .destinationIsLocal
      case .transport: .transport
      case .sourcePort: .sourcePort
      case .destinationPort: .destinationPort
      case .icmp: .icmp
      case .connectionState: .connectionState
      case .destinationTranslated: .destinationTranslated
      case .originalDirection: .originalDirection
      case .mark: .mark
      case .limit: .limit
      case .connectionsOver: .connectionsOver
      case .sourceMAC: .sourceMAC
      case .etherType: .etherType
      case .arpSenderAddress: .arpSenderAddress
      case .arpSenderMAC: .arpSenderMAC
      case .arpTargetAddress: .arpTargetAddress
      case .neighborTarget: .neighborTarget
      case .connectionAttempt: .connectionAttempt
      case .remembered: .remembered
      }
  }

  init(_ action: Action) {
    self =
      switch action {
      case .counter: .counter
      case .log: .log
      case .setMark: .setMark
      case .verdict: .verdict
      case .reject: .reject
      case .dispatch: .dispatch
      case .destinationNAT: .destinationNAT
      case .sourceNAT: .sourceNAT
      case .masquerade: .masquerade
      case .clampMSS: .clampMSS
      case .fixChecksum: .fixChecksum
      case .remember: .remember
      case .learnOutputInterface: .learnOutputInterface
      }
  }

  /// The kinds that the rules of `table` have.
  static func kinds(in table: Table) -> Set<NounKind> {
    let rules = table.chains.flatMap(\.rules)
    return Set(rules.flatMap { $0.matches.map(NounKind.init) + $0.actions.map(NounKind.init) })
  }
}
