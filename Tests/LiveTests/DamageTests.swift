import Foundation
import KernelForm
import KernelTestSupport
import NetlinkBackend
import ScratchFiles
import TestSupport
import Testing

/// Files of ours that somebody wrote into, others who change rules at the same time, and kernels
/// that refuse.
@Suite struct DamageTests {
  private func damage(_ path: String) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test(arguments: ["apply", "confirm", "rollback", "remove"])
  func ofThePendingChange(_ command: String) throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", "--confirm", "60", small).status == 0)
    let before = try host.listing()
    let file = "\(host.scratch.path)/run/pending"
    try damage(file)
    let words = command == "apply" ? [try host.policy(SamplePolicy.larger, "larger.ward")] : []
    let run = try host.shell(
      "\"$0\" \(command) --state-dir \"$1\" \(words.joined())")
    #expect(run.status == 3)
    #expect(run.errors.contains(file), "\(run.errors)")
    #expect(try host.listing() == before)
    #expect(try host.setting("net.ipv4.ip_forward") == "1")
  }

  @Test(arguments: ["apply", "rollback", "remove"])
  func ofTheSettingsThatAreOurs(_ command: String) throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small)
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    #expect(try host.bridgeward("apply", larger).status == 0)
    #expect(try host.bridgeward("apply", small).status == 0)
    let before = try host.listing()
    let file = "\(host.scratch.path)/run/sysctls"
    try damage(file)
    let run = try host.shell(
      "\"$0\" \(command) --state-dir \"$1\" \(command == "apply" ? larger : "")")
    #expect(run.status == 3)
    #expect(run.errors.contains(file), "\(run.errors)")
    #expect(try host.listing() == before)
    #expect(try host.setting("net.ipv4.ip_forward") == "1")
  }

  /// nft holds the table as long as it runs; before Linux 5.12 nobody can.
  @Test func tableOfAnotherProcess() async throws {
    let host = try LiveHost()
    let command = #"add table inet bridgeward { flags owner; comment "managed by bridgeward"; }"#
    guard try host.shell("nft -c '\(command)'").status == 0 else {
      let first = OperatingSystemVersion(majorVersion: 5, minorVersion: 12, patchVersion: 0)
      #expect(!ProcessInfo.processInfo.isOperatingSystemAtLeast(first))
      return
    }
    let holding = "exec nft -i < <(echo '\(command)'; exec tail -f --pid=$$ /dev/null)"
    let holder = try host.namespace.perform { try Command(["bash", "-c", holding]).start() }
    defer { holder.stop() }
    #expect(try await host.waits { try host.listing().contains("flags owner") })
    let before = try host.listing()
    let run = try host.bridgeward("apply", try host.policy(SamplePolicy.small))
    #expect(run.status == 3)
    #expect(run.errors.contains("another process"), "\(run.errors)")
    #expect(try host.listing() == before)
    #expect(try host.setting("net.ipv4.ip_forward") == "0")
  }

  /// Somebody else changes rules all the time: either the change is made, or it is said that it
  /// could not be, and nothing is.
  @Test func othersWhoAreFaster() throws {
    let host = try LiveHost()
    let policies = [
      try host.policy(SamplePolicy.small), try host.policy(SamplePolicy.larger, "larger.ward"),
    ]
    // Two are so fast that sometimes not even reading comes to an end.
    let others = try (1...2).map { number in
      try host.namespace.perform {
        try Command([
          "bash", "-c",
          "while ((SECONDS < 20)); do nft \"add table inet $0; flush table inet $0;"
            + " delete table inet $0\"; done", "other\(number)",
        ]).start()
      }
    }
    for number in 0..<24 {
      let before = try host.rulesBetweenChanges()
      let run = try host.bridgeward("apply", policies[number % 2])
      if run.status != 0 {
        #expect(run.status == 3 && run.errors.contains("nothing was changed"), "\(run.errors)")
        #expect(try host.rulesBetweenChanges() == before)
      }
    }
    others.forEach { $0.stop() }
    usleep(200_000)
    _ = try host.shell("nft delete table inet other1; nft delete table inet other2; true")
    #expect(try host.bridgeward("apply", policies[1]).status == 0)
    let fresh = try LiveHost()
    try fresh.nft("-f", fresh.scratch.write("larger.nft", host.script(of: policies[1])))
    #expect(try host.rules().canonical == fresh.rules().canonical)
  }

  /// A hook takes 1024 chains at most, so that the batch is refused after many of its steps.
  @Test func batchThatTheKernelRefuses() throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", small).status == 0)
    let chains = (0..<1024).map {
      "  chain c\($0) { type filter hook prerouting priority \($0); }\n"
    }
    let script = "table bridge other {\n\(chains.joined())}\n"
    try host.nft("-f", host.scratch.write("other.nft", script))
    let before = try host.rules().canonical
    let generation = try host.generation()
    let guarded = SamplePolicy.larger.replacing("icc off", with: "icc off\n    antispoof on")
    let run = try host.bridgeward("apply", host.policy(guarded))
    #expect(run.status == 3)
    #expect(run.errors.contains("Argument list too long"), "\(run.errors)")
    #expect(!run.errors.contains("probe"), "\(run.errors)")
    #expect(try host.rules().canonical == before)
    #expect(try host.generation() == generation)
    #expect(try host.bridgeward("history").output.split(separator: "\n").count == 1)
  }

  /// The kernel has no memory for what it is sent, at one time after the other.
  @Test func noBuffers() throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", small).status == 0)
    let before = try host.rules().canonical
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    var refused = 0
    var isMet = true
    for number in 1..<100 where isMet {
      let run = try host.shell(
        "strace -f -qq -o \"$1/trace\" -e trace=sendto "
          + "-e inject=sendto:error=ENOBUFS:when=\(number) "
          + "\"$0\" apply --state-dir \"$1\" \(larger)")
      isMet = try String(contentsOfFile: "\(host.stateDirectory)/trace", encoding: .utf8)
        .contains("INJECTED")
      if run.status == 0 {
        #expect(try host.bridgeward("diff", larger).status == 0)
        #expect(try host.bridgeward("apply", small).status == 0)
      } else {
        refused += 1
        #expect(run.status == 3)
        #expect(run.errors.contains("No buffer space"), "\(run.errors)")
      }
      #expect(try host.rules().canonical == before, "send \(number): \(run.errors)")
      #expect(try host.setting("net.ipv4.ip_forward") == "1")
    }
    #expect(refused > 5 && !isMet, "\(refused)")
  }

  /// What wakes the keeper is the clock that nobody can set, told as a point in time.
  @Test func clockThatJumps() throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small)
    let run = try host.shell(
      "strace -f -qq -o \"$1/trace\" -e 'trace=/sleep|timer|alarm' "
        + "\"$0\" apply --confirm 1 --state-dir \"$1\" \(small); cat \"$1/trace\"")
    let calls = run.output.split(separator: "\n").filter { $0.contains("sleep(") }
    #expect(calls.contains { $0.contains("clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME") })
    #expect(!run.output.contains("CLOCK_REALTIME") && !run.output.contains("CLOCK_MONOTONIC"))
    #expect(try host.listing() == "")
  }
}

extension LiveHost {
  /// Our rules while somebody else may change rules all the time.
  fileprivate func rulesBetweenChanges() throws -> KernelRuleset {
    while true {
      do {
        return try rules().canonical
      } catch let error as NetlinkError where error.isOvertaken {
        continue
      }
    }
  }
}
