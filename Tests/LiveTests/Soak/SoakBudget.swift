import Foundation

/// How long the soak goes on, and by which random numbers: what the environment says, or else enough
/// for every day.
struct SoakBudget: Sendable {
  /// `SOAK_SECONDS`.
  let seconds: Double
  /// `SOAK_SEED`; a new one in each run, as what comes in between what differs anyway.
  let seed: UInt64
  /// How often policies are applied by one process; `SOAK_APPLIES`.
  let applies: Int

  static let current = SoakBudget(ProcessInfo.processInfo.environment)

  init(_ environment: [String: String]) {
    seconds = environment["SOAK_SECONDS"].flatMap(Double.init) ?? 25
    seed = environment["SOAK_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...99_999)
    applies = environment["SOAK_APPLIES"].flatMap(Int.init) ?? 100
  }
}
