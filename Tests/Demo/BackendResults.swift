import NetworkTypes
import TestSupport

/// What became of all attempts under one backend.
struct BackendResults {
  struct Result {
    let attempt: Attempt
    /// What happened, in a few words.
    let summary: String
    /// The comment of the rule that decided; `nil` where none did.
    let decision: String?
    let isAsExpected: Bool
  }

  let backend: DemoBackend
  let results: [Result]

  var isAsExpected: Bool { results.allSatisfy(\.isAsExpected) }
}

extension BackendResults.Result {
  /// - Parameters:
  ///   - observations: One for each family of the attempt.
  ///   - hits: The rules that its packets passed.
  init(
    _ attempt: Attempt, _ observations: [Observation], hits: Set<RuleListing.Rule>,
    rules: RuleListing
  ) {
    self.attempt = attempt
    let outcomes = zip(attempt.families, observations).map { family, observation in
      (family, Self.summary(observation), Self.isExpected(observation, attempt, family))
    }
    isAsExpected = outcomes.allSatisfy { $0.2 }
    let summaries = outcomes.map { $0.1 }
    if let first = summaries.first, summaries.allSatisfy({ $0 == first }) {
      summary = first
    } else {
      summary = outcomes.map { "IPv\($0.0.rawValue): \($0.1)" }.joined(separator: ", ")
    }
    let decisions = attempt.families.map { family in
      rules.decision(
        hits, facts: Self.facts(attempt, family), isDropped: attempt.expected == .dropped)
    }
    decision = decisions.first ?? nil
  }

  private static func summary(_ observation: Observation) -> String {
    guard observation.isAnswered, let delivery = observation.deliveries.first else {
      return observation.refusal == nil ? "dropped" : "refused"
    }
    return "reaches \(delivery.station.name)"
  }

  private static func isExpected(
    _ observation: Observation, _ attempt: Attempt, _ family: AddressFamily
  ) -> Bool {
    switch attempt.expected {
    case .dropped: return !observation.isAnswered && observation.deliveries.isEmpty
    case .reaches(let station):
      guard observation.isAnswered, let delivery = observation.deliveries.first,
        delivery.station == station
      else { return false }
      return attempt.seenAs.map { $0.address(family) == delivery.source } ?? true
    }
  }

  /// Every word that a key of a map may hold for a packet of the attempt.
  private static func facts(_ attempt: Attempt, _ family: AddressFamily) -> Set<String> {
    let addresses = [attempt.sender.address(family), attempt.destination(family)]
    return Set(
      ["tcp", "\(attempt.port)", attempt.sender.segment.interface]
        + addresses.compactMap { $0?.description })
  }
}
