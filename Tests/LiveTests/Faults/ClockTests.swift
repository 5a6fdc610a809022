import Foundation
import TestSupport
import Testing

/// Somebody sets the clock while a change waits for its confirmation.
@Suite struct ClockTests {
  /// Five hours forth and back.
  private static let jumps = [18_000, -18_000]

  /// Seconds that are counted are those that pass: no jump undoes the change earlier, or later.
  @Test(arguments: jumps) func undoesInTime(_ jump: Int) throws {
    let host = try LiveHost()
    let surroundings = try Surroundings(host)
    let policy = try host.policy(SamplePolicy.small)
    let start = ContinuousClock.now
    let run = try surroundings.bridgeward("apply --confirm 4 \(policy)")
    #expect(run.status == 0, "\(run.errors)")
    try surroundings.setClock(aheadBy: jump)
    var isUndone = false
    while !isUndone, start.duration(to: .now) < .seconds(40) {
      isUndone = try host.listing() == ""
      if !isUndone { usleep(200_000) }
    }
    #expect(isUndone)
    #expect(start.duration(to: .now) >= .seconds(4))
    #expect(try host.setting("net.ipv4.ip_forward") == "0")
    #expect(try surroundings.bridgeward("confirm").status == 3)
  }

  @Test(arguments: jumps) func keepsWhatIsConfirmed(_ jump: Int) async throws {
    let host = try LiveHost()
    let surroundings = try Surroundings(host)
    let policy = try host.policy(SamplePolicy.small)
    #expect(try surroundings.bridgeward("apply --confirm 15 \(policy)").status == 0)
    let applied = try host.listing()
    try surroundings.setClock(aheadBy: jump)
    let confirmation = try surroundings.bridgeward("confirm")
    #expect(confirmation.status == 0, "\(confirmation.errors)")
    try await Task.sleep(for: .seconds(16))
    #expect(try host.listing() == applied && applied != "")
    #expect(try surroundings.bridgeward("history").output.contains("accepted"))
    #expect(try surroundings.bridgeward("status").status == 0)
  }

  /// Dates before those of older states, and such as no clock shows: they are odd, and no more.
  @Test func oddDates() throws {
    let host = try LiveHost()
    let surroundings = try Surroundings(host)
    let policies = [
      try host.policy(SamplePolicy.small, "small.ward"),
      try host.policy(SamplePolicy.larger, "larger.ward"),
    ]
    let dates = [
      (2_000_000_000, "2033-05-18T"), (0, "1970-01-01T"), (-10_000_000_000, "1653-02-10T"),
      (9_223_372_036, "2262-04-11T"), (1_000_000_000_000, "9999-12-31T"),
    ]
    for (number, date) in dates.enumerated() {
      try surroundings.setClock(to: date.0)
      let run = try surroundings.bridgeward("apply \(policies[number % 2])")
      #expect(run.status == 0 && run.output.hasSuffix("applied\n"), "\(date): \(run.errors)")
      for words in ["history", "history --format json", "status", "status --format json"] {
        let run = try surroundings.bridgeward(words)
        #expect(run.status == 0 && run.output.contains(date.1), "\(date): \(run)")
      }
    }
    let list = try surroundings.bridgeward("history").output.split(separator: "\n")
    #expect(list.count == dates.count)
    #expect(zip(list, dates).allSatisfy { $0.contains($1.1) }, "\(list)")
    #expect(try surroundings.bridgeward("rollback").status == 0)
    #expect(try host.bridgeward("diff", policies[1]).status == 0)
  }
}
