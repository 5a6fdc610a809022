import Diagnostics
import NetworkTypes
import PolicyModel

/// How one `expect` line fares.
struct ExpectationOutcome: Sendable {
  enum Status: String, Hashable, Sendable {
    case passed, failed
    /// The model cannot tell.
    case undecided
    /// There is no packet to try.
    case vacuous
  }

  let rule: AccessRule
  let judgment: Judgment

  var status: Status {
    if judgment.results.isEmpty { return .vacuous }
    if !failures.isEmpty { return .failed }
    return undecided.isEmpty ? .passed : .undecided
  }

  /// What fares otherwise than expected.
  var failures: [TrialResult] {
    judgment.results.filter { result in
      switch result.verdict {
      case .allowed, .unseen: rule.verb != .allow
      case .denied: rule.verb == .allow
      case .undecided: false
      }
    }
  }

  /// What nobody can tell of.
  var undecided: [TrialResult] {
    judgment.results.filter { if case .undecided = $0.verdict { true } else { false } }
  }
}

extension Judge {
  /// How the policy's `expect` lines fare, in their order.
  func expectations(
    _ families: [AddressFamily], _ frames: BridgedFrames
  ) -> [ExpectationOutcome] {
    model.policy.expectations.map {
      ExpectationOutcome(rule: $0, judgment: judge($0, families, frames))
    }
  }
}
