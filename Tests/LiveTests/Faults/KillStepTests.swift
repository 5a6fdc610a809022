import Foundation
import ScratchFiles
import TestSupport
import Testing

/// The program is ended before each call that changes something: the rules are the old ones or the
/// new ones, whole.
@Suite struct KillStepTests {
  @Test(arguments: FaultedChange.allCases)
  func everyStep(of kind: FaultedChange) throws {
    let host = try FaultedHost(kind)
    try Self.kill(host) { run in try host.expectNextRunWorks(run) }
  }

  /// A change that waits can be undone after that, and one that does not wait yet made anew.
  @Test func everyStepOfAChangeThatWaits() throws {
    let host = try FaultedHost(.second, options: ["--confirm", "30"])
    let larger = "\(host.host.scratch.path)/larger.ward"
    var waiting = 0
    try Self.kill(host) { run in
      let next = try host.host.bridgeward("apply", larger)
      if next.status == 3 {
        #expect(next.errors.contains("waits for its confirmation"), "\(next.errors)")
        waiting += 1
        let back = try host.host.bridgeward("rollback")
        #expect(back.status == 0, "\(run.description): \(back.errors)")
        #expect(try host.state() == host.old, "\(run.description)")
      } else {
        #expect(next.status == 0, "\(run.description): \(next.errors)")
        #expect(try host.state() == host.new, "\(run.description)")
      }
    }
    #expect(waiting > 5, "\(waiting)")
  }

  /// What is killed while it confirms has not confirmed, or has.
  @Test func everyStepOfAConfirmation() throws {
    let host = try FaultedHost(.second)
    let larger = "\(host.host.scratch.path)/larger.ward"
    #expect(try host.host.bridgeward("apply", "--confirm", "3600", larger).status == 0)
    try host.keepFiles()
    let confirmation = try FaultServer(
      host.host, at: "\(host.host.scratch.path)/run",
      ["confirm", "--state-dir", host.host.stateDirectory])
    var number = 1
    while true {
      let run = try confirmation.run(
        Fault(calls: Fault.changingCalls, first: number, action: .kill))
      #expect(try host.state() == host.new, "\(run.description)")
      let next = try host.host.bridgeward("confirm")
      #expect(
        next.status == 0 || next.errors.contains("no change waits"),
        "\(run.description): \(next.errors)")
      let accepted = try FileManager.default.destinationOfSymbolicLink(
        atPath: "\(host.host.stateDirectory)/accepted.nft")
      #expect(accepted == "history/000003.nft", "\(run.description)")
      let pending = "\(host.host.scratch.path)/run/pending"
      #expect(!FileManager.default.fileExists(atPath: pending), "\(run.description)")
      if run.hits.isEmpty { break }
      number += 1
      for folder in ["state", "run"] {
        try FileManager.default.removeItem(atPath: "\(host.host.scratch.path)/\(folder)")
        try FileManager.default.copyItem(
          atPath: "\(host.host.scratch.path)/kept-\(folder)",
          toPath: "\(host.host.scratch.path)/\(folder)")
      }
    }
    #expect(number > 5)
  }

  private static func kill(
    _ host: FaultedHost, _ check: (FaultedRun) throws -> Void
  ) throws {
    var sights = [0, 0]
    while true {
      let number = sights[0] + sights[1] + 1
      let run = try host.change.run(
        Fault(calls: Fault.changingCalls, first: number, action: .kill))
      if run.hits.isEmpty { break }
      #expect(run.status == 128 + 9, "\(run.description)")
      let rules = try host.state().rules
      #expect(rules == host.old.rules || rules == host.new.rules, "\(run.description)")
      sights[rules == host.new.rules ? 1 : 0] += 1
      try check(run)
      try host.reset()
    }
    // A rollback that changes no setting makes five such calls before the rules and four after.
    #expect(sights[0] > 2 && sights[1] > 3, "\(sights)")
    try host.expectOthersUntouched()
  }
}
