import Foundation

/// How much is generated and tried, and from which seed: what the environment says, or else enough
/// for every day.
struct ProofBudget: Sendable {
  /// Policies have the seeds from this on; `PROVE_SEED`.
  let seed: UInt64
  /// Policies whose forms are held against each other; `PROVE_POLICIES`.
  let policies: Int
  /// Policies that the kernel is asked about; `PROVE_HOSTS`.
  let hosts: Int
  /// When no further policy is begun, in seconds from the start of each proof; `PROVE_SECONDS`.
  let seconds: Double

  static let packetsPerPolicy = 50

  static let current = ProofBudget(ProcessInfo.processInfo.environment)

  init(_ environment: [String: String]) {
    seed = environment["PROVE_SEED"].flatMap(UInt64.init) ?? 1
    policies = environment["PROVE_POLICIES"].flatMap(Int.init) ?? 300
    hosts = environment["PROVE_HOSTS"].flatMap(Int.init) ?? 30
    seconds = environment["PROVE_SECONDS"].flatMap(Double.init) ?? .infinity
  }
}

/// What was tried in a proof.
struct ProofCount: Sendable {
  var policies = 0
  var packets = 0
  /// Of the packets, those that arrived.
  var arrived = 0
  /// Of the packets, those that the model cannot decide.
  var undecided = 0
  /// What is wrong, in words.
  var failures: [String] = []

  static func += (total: inout ProofCount, part: ProofCount) {
    total.policies += part.policies
    total.packets += part.packets
    total.arrived += part.arrived
    total.undecided += part.undecided
    total.failures += part.failures
  }

  var summary: String {
    "\(policies) policies, \(packets) packets, of them \(arrived) arrived, \(undecided) undecided"
  }

  /// Whether packets fare in many ways, and the model says how.
  var isTelling: Bool { undecided * 25 <= packets && arrived * 8 >= packets }
}
