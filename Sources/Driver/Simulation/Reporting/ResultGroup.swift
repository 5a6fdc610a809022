import NetworkTypes

/// Packets of one family that fare alike, for the same reason.
struct ResultGroup {
  let first: TrialResult
  private(set) var others: [TrialResult] = []

  /// The groups of a judgment, in the order of their first packets.
  static func groups(_ results: [TrialResult]) -> [ResultGroup] {
    var groups: [ResultGroup] = []
    var places: [Key: Int] = [:]
    for result in results {
      let key = Key(result)
      if let place = places[key] {
        groups[place].others.append(result)
      } else {
        places[key] = groups.count
        groups.append(ResultGroup(first: result))
      }
    }
    return groups
  }

  private struct Key: Hashable {
    let family: AddressFamily
    let states: [Bool]
    let verdict: TrialResult.Verdict
    let decision: Decision
    let isRewritten: Bool

    init(_ result: TrialResult) {
      family = result.trial.family
      states = result.filtersBridged
      verdict = result.verdict
      decision = result.decision
      isRewritten = result.arrival.map { $0.address != result.trial.destination.address } ?? false
    }
  }
}

extension Trial {
  /// `front.web 172.18.0.10 -> back.db 172.19.0.20, tcp 5432`
  var words: String { "\(source) -> \(destination), \(probe)" }
}

extension TrialResult {
  /// `allowed`, `denied`, `not judged here`, `cannot tell`.
  var word: String {
    switch verdict {
    case .allowed: "allowed"
    case .denied: "denied"
    case .unseen: "not judged by the host"
    case .undecided: "cannot tell"
    }
  }

  /// `back.db 172.19.0.20 port 5432 sees front.web 172.18.0.10`; `nil` where nobody sees it.
  var arrivalWords: String? {
    guard let arrival else { return nil }
    let port = arrival.port.map { " port \($0)" } ?? ""
    return "\(arrival.name) \(arrival.address)\(port) sees \(arrival.sourceName) \(arrival.source)"
  }

  /// In which state of the switch for bridged frames it holds, where it holds in one only.
  var stateWords: String? {
    guard filtersBridged.count == 1 else { return nil }
    return filtersBridged[0]
      ? "bridged frames handed to IP rules" : "bridged frames not handed to IP rules"
  }
}
