import TestSupport

/// A way to give a host its rules.
enum Backend: String, CaseIterable, Sendable {
  case nft
  case iptablesNft = "iptables-nft"
  case iptablesLegacy = "iptables-legacy"
}

/// A policy under one backend, on a host that hands bridged frames to the IP rules or does not.
struct Cell: Sendable, CustomStringConvertible {
  let scenario: String
  let backend: Backend
  let filtersBridged: Bool

  static let all = Scenario.names.flatMap { scenario in
    Backend.allCases.flatMap { backend in
      [false, true].map { Cell(scenario: scenario, backend: backend, filtersBridged: $0) }
    }
  }

  var description: String {
    "\(scenario), \(backend.rawValue), bridge-nf-call \(filtersBridged ? 1 : 0)"
  }

  /// Whether the backend sees here what an expectation needs.
  func provides(_ need: Expectation.Need?) -> Bool {
    switch (need, backend) {
    case (nil, _), (_, .nft): true
    case (.bridged, .iptablesNft), (.bridged, .iptablesLegacy): filtersBridged
    case (.arp, .iptablesNft), (.arp, .iptablesLegacy): false
    }
  }
}
