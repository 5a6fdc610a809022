import KernelForm
import TestSupport
import Testing

/// Somebody else changes rules between one step of the program and the next.
@Suite struct RivalTests {
  /// The change is made all the same, or once more. Where the flush comes after everything, what is
  /// loaded at the next boot is the new state, or the old one, and somebody was told so.
  @Test func flushesAllRules() throws {
    let host = try FaultedHost(.second)
    try host.change.setHook("nft flush ruleset")
    var number = 1
    while true {
      let run = try host.change.run(
        Fault(calls: ["sendto", "commit"], first: number, action: .run))
      if run.hits.isEmpty { break }
      #expect(run.status == 0, "\(run.description)")
      let rules = try host.state().rules
      if rules != host.new.rules {
        #expect(rules.tables.isEmpty, "\(run.description)")
      }
      try host.host.nft("flush", "ruleset")
      #expect(try host.host.bridgeward("boot").status == 0)
      let isKept = !run.errors.contains("not kept for the next boot")
      let kept = isKept ? host.new.rules : host.old.rules
      #expect(try host.state().rules == kept, "\(run.description)")
      try host.expectNextRunWorks(run)
      try host.reset()
      number += 1
    }
    #expect(number > 20, "\(number)")
  }

  /// The kernel refuses the change each time (ERESTART), as the rules are others by then.
  @Test(arguments: [(10, 0), (20, 3)])
  func isFaster(times: Int, status: Int32) throws {
    let host = try FaultedHost(.second)
    try host.change.setHook("nft 'add table inet rival; delete table inet rival'")
    let run = try host.change.run(
      Fault(calls: ["commit"], first: 1, count: times, action: .run))
    #expect(run.status == status, "\(run.description)")
    #expect(run.hits.count == min(times, 16), "\(run.hits)")
    #expect(try host.state() == (status == 0 ? host.new : host.old))
    if status != 0 {
      #expect(run.message.contains("somebody else keeps changing rules"), "\(run.errors)")
    }
    try host.expectNextRunWorks(run)
    try host.expectOthersUntouched()
  }
}
