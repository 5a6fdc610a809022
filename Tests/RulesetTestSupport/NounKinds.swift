package import Netfilter

// One number for each kind of condition and effect, without gaps: a new kind does not compile until
// it has a number here, and then the samples are incomplete until there is one of it.

extension Match {
  package static let kindCount = 29

  package var kindIndex: Int {
    switch self {
    case .family: 0
    case .inputInterface: 1
    case .outputInterface: 2
    case .inputBridge: 3
    case .outputBridge: 4
    case .source: 5
    case .destination: 6
    case .sourceIsLocal: 7
    case .destinationIsLocal: 8
    case .transport: 9
    case .sourcePort: 10
    case .destinationPort: 11
    case .icmp: 12
    case .connectionState: 13
    case .destinationTranslated: 14
    case .originalDirection: 15
    case .mark: 16
    case .limit: 17
    case .connectionsOver: 18
    case .sourceMAC: 19
    case .etherType: 20
    case .arpSenderAddress: 21
    case .arpSenderMAC: 22
    case .neighborTarget: 23
    case .connectionAttempt: 24
    case .remembered(.ports, _, _): 25
    case .remembered(.echo, _, _): 26
    case .remembered(.addresses, _, _): 27
    case .arpTargetAddress: 28
    }
  }
}

extension Action {
  package static let kindCount = 20

  package var kindIndex: Int {
    switch self {
    case .counter: 0
    case .log: 1
    case .setMark: 2
    case .verdict(.accept): 3
    case .verdict(.drop): 4
    case .verdict(.return): 5
    case .verdict(.jump): 6
    case .verdict(.goto): 7
    case .reject(.prohibited): 8
    case .reject(.tcpReset): 9
    case .dispatch: 10
    case .destinationNAT(.address): 11
    case .destinationNAT(.map): 12
    case .sourceNAT: 13
    case .masquerade: 14
    case .clampMSS: 15
    case .fixChecksum: 16
    case .remember(.ports, _): 17
    case .remember(.echo, _), .remember(.addresses, _): 18
    case .learnOutputInterface: 19
    }
  }
}
