import Glibc
import TestSupport
import Testing

/// Changes that are undone unless somebody confirms them.
@Suite struct ConfirmTests {
  @Test func undoesWhatNobodyConfirms() async throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", small).status == 0)
    try host.nft("insert rule inet bridgeward forward ip protocol 47 drop")
    let before = try host.listing()
    let larger = try host.policy(SamplePolicy.larger)
    #expect(try host.bridgeward("apply", "--confirm", "15", larger).status == 0)
    #expect(try host.listing() != before)
    #expect(try await host.waits(for: before), "all of it comes back, foreign edits included")
    #expect(try host.bridgeward("confirm").status == 3)
  }

  @Test func undoesSettingsToo() async throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", "--confirm", "15", policy).status == 0)
    #expect(try host.setting("net.ipv4.ip_forward") == "1")
    #expect(try await host.waits(for: ""))
    #expect(try host.setting("net.ipv4.ip_forward") == "0")
  }

  @Test func keepsWhatIsConfirmed() async throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.larger)
    #expect(try host.bridgeward("apply", "--confirm", "15", policy).status == 0)
    let applied = try host.listing()
    #expect(try host.bridgeward("confirm").status == 0)
    try await Task.sleep(for: .seconds(16))
    #expect(try host.listing() == applied)
    #expect(try host.bridgeward("history").output.contains("accepted"))
  }

  /// What is taken out stays out: nobody waits any more to bring back what was there before.
  @Test func removalEndsTheWait() async throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small, "small.ward")
    #expect(try host.bridgeward("apply", small).status == 0)
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    #expect(try host.bridgeward("apply", "--confirm", "15", larger).status == 0)
    #expect(try host.bridgeward("remove").status == 0)
    #expect(try host.listing() == "")
    try await Task.sleep(for: .seconds(16))
    #expect(try host.listing() == "")
    #expect(try host.setting("net.ipv4.ip_forward") == "0")
    #expect(try host.bridgeward("confirm").errors.contains("no change waits"))
  }

  /// The shell dies with all that it started, as when its connection is cut.
  @Test func outlivesTheShell() async throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    let line = "\"$0\" apply --confirm 15 --state-dir \"$1\" \(policy); kill -9 -- -$$"
    let shell = try host.shell("setsid bash -c '\(line)' \"$0\" \"$1\"; true")
    #expect(shell.status == 0)
    #expect(try host.listing() != "")
    #expect(try await host.waits(for: ""))
  }

  /// With the keeper gone, too, the next command sees to it.
  @Test func nextCommandUndoesWhatItsKeeperCannot() async throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", "--confirm", "15", small).status == 0)
    _ = try host.shell("pkill -9 -f \"keep .* --state-dir $1\"")
    try await Task.sleep(for: .seconds(16))
    #expect(try host.listing() != "")
    let larger = try host.policy(SamplePolicy.larger)
    #expect(try host.bridgeward("apply", larger).status == 0)
    #expect(try host.bridgeward("diff", larger).status == 0)
  }

  @Test func refusesASecondChangeMeanwhile() throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", "--confirm", "60", small).status == 0)
    let applied = try host.listing()
    let second = try host.bridgeward("apply", try host.policy(SamplePolicy.larger))
    #expect(second.status == 3)
    #expect(second.errors.contains("waits for its confirmation"))
    #expect(try host.listing() == applied)
    #expect(try host.bridgeward("rollback").status == 0)
    #expect(try host.listing() == "")
  }
}
