import Diagnostics
import Evaluation
import NetworkTypes

/// What becomes of a flow.
package struct Judgment: Sendable {
  /// What there is to say of a flow as a whole.
  package enum Verdict: String, Hashable, Sendable {
    /// Every packet that was tried works.
    case allowed
    /// None does.
    case denied
    /// Some do and some do not.
    case differs
    /// The model cannot tell of some, and those that it can tell of do not differ.
    case undecided
  }

  /// What became of each packet that was tried.
  let results: [TrialResult]
  /// What the reader has to know beside.
  package let remarks: [String]
  /// Whether there would be more packets to try, of which nothing is known.
  let isPartial: Bool

  /// What there is to say of a flow or line that is not tried as a whole.
  static let partialWords =
    "stands for more packets than are tried: of each family the first \(TrialFinder.limit) were"

  /// Of no packet it is undecided.
  package var verdict: Verdict {
    var allowed = 0
    var denied = 0
    for result in results {
      switch result.verdict {
      case .allowed, .unseen: allowed += 1
      case .denied: denied += 1
      case .undecided: break
      }
    }
    if allowed > 0, denied > 0 { return .differs }
    if results.isEmpty || allowed + denied < results.count { return .undecided }
    return denied == 0 ? .allowed : .denied
  }
}

/// What became of one packet.
struct TrialResult: Sendable {
  enum Verdict: Hashable, Sendable {
    case allowed
    case denied
    /// It goes without the host having a part in it; the payload says how.
    case unseen(String)
    /// The payload says what is missing.
    case undecided(String)
  }

  /// Where the first packet arrived.
  struct Arrival: Hashable, Sendable {
    let address: IPAddress
    let port: UInt16?
    /// What people call whoever is there.
    let name: String
    /// Whom the receiver sees.
    let source: IPAddress
    let sourceName: String
  }

  let trial: Trial
  /// For which states of `bridge-nf-call-iptables` it holds.
  var filtersBridged: [Bool]
  let verdict: Verdict
  let arrival: Arrival?
  let decision: Decision
  /// The packets' ways; `nil` where no rule was asked.
  let exchange: Exchange?

  /// Whether the two say the same of one packet.
  func agrees(with other: TrialResult) -> Bool {
    trial == other.trial && verdict == other.verdict && arrival == other.arrival
      && decision == other.decision
  }
}
