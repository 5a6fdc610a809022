import Glibc
import TestSupport
import Testing

/// The kernel has no nf_tables.
@Suite struct WithoutTablesTests {
  typealias Lack = Surroundings.Lack
  private static let message = "nf_tables has to be in the kernel"

  @Test(arguments: Lack.allCases) func nothingIsChanged(_ lack: Lack) throws {
    let host = try LiveHost()
    let surroundings = try Surroundings(host)
    let small = try host.policy(SamplePolicy.small, "small.ward")
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    #expect(try host.bridgeward("apply", small).status == 0)
    #expect(try host.bridgeward("apply", larger).status == 0)
    let before = try (host.listing(), host.generation(), host.bridgeward("history").output)
    try surroundings.take(lack)
    for words in [
      "apply \(small)", "apply --confirm 60 \(small)", "apply --boot \(small)",
      "apply --dry-run \(small)", "diff \(small)", "status", "remove", "boot", "rollback",
      "rollback 2",
    ] {
      let run = try surroundings.bridgeward(words, fixingSettings: true)
      #expect(run.status == 3, "\(words): \(run)")
      #expect(
        run.errors.contains("bridgeward: cannot reach nf_tables")
          && run.errors.contains(Self.message), "\(words): \(run.errors)")
      #expect(try host.setting("net.ipv4.ip_forward") == "1", "\(words)")
    }
    #expect(try surroundings.bridgeward("confirm").errors.contains("no change waits"))
    let doctor = try surroundings.bridgeward("doctor \(small)")
    #expect(doctor.status == 1 && doctor.output.contains("problem[tables-missing]"), "\(doctor)")
    #expect(try before == (host.listing(), host.generation(), host.bridgeward("history").output))
    #expect(try !host.bridgeward("doctor", small).output.contains("tables-missing"))
    #expect(try host.bridgeward("apply", small).status == 0)
  }

  /// What cannot be undone when its time comes stays whole, and is undone as soon as it can be.
  @Test(arguments: Lack.allCases) func aChangeThatWaits(_ lack: Lack) async throws {
    let host = try LiveHost()
    let surroundings = try Surroundings(host)
    let small = try host.policy(SamplePolicy.small)
    #expect(try surroundings.bridgeward("apply --confirm 12 \(small)").status == 0)
    try surroundings.take(lack)
    let applied = try host.listing()
    #expect(try surroundings.bridgeward("remove", fixingSettings: true).status == 3)
    try await Task.sleep(for: .seconds(13))
    #expect(try host.listing() == applied && applied != "")
    #expect(try host.setting("net.ipv4.ip_forward") == "1")
    let confirmation = try surroundings.bridgeward("confirm", fixingSettings: true)
    #expect(confirmation.status == 3)
    #expect(confirmation.errors.contains(Self.message), "\(confirmation.errors)")
    #expect(try host.setting("net.ipv4.ip_forward") == "1")
    try surroundings.take(nil)
    #expect(try await host.waits(for: ""))
    #expect(try host.setting("net.ipv4.ip_forward") == "0")
  }

  /// iptables-legacy needs none, and so neither do we.
  @Test(arguments: Lack.allCases) func iptablesWorks(_ lack: Lack) throws {
    let host = try LiveHost()
    let surroundings = try Surroundings(host)
    let small = try host.policy(SamplePolicy.small, "small.ward")
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    try surroundings.take(lack)
    let programs = "IPTABLES=iptables-legacy IP6TABLES=ip6tables-legacy"
    for words in [
      "apply --backend iptables \(small)", "apply --backend iptables \(larger)",
      "diff --backend iptables \(larger)", "status", "boot", "rollback", "rollback 2",
      "apply --backend iptables --confirm 60 \(small)", "confirm", "history",
    ] {
      let run = try surroundings.bridgeward(words, variables: programs)
      #expect(run.status == 0, "\(words): \(run.errors)")
      #expect(try host.shell("iptables-legacy-save").output.contains("BW-forward"), "\(words)")
    }
    let removal = try surroundings.bridgeward("remove")
    #expect(removal.status == 0 && removal.output.hasPrefix("removed\n"), "\(removal)")
    #expect(try !host.shell("iptables-legacy-save").output.contains("BW-"))
    #expect(try host.setting("net.ipv4.ip_forward") == "0")
  }
}
