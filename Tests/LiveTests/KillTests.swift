import Glibc
import KernelForm
import KernelTestSupport
import TestSupport
import Testing

/// Whenever the program is killed, the host is in the old state or the new one.
@Suite struct KillTests {
  @Test func leavesTheOldStateOrTheNewOne() throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small, "small.ward")
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    #expect(try host.bridgeward("apply", larger).status == 0)
    let new = try host.rules().canonical
    #expect(try host.bridgeward("apply", small).status == 0)
    let old = try host.rules().canonical
    let start = ContinuousClock.now
    #expect(try host.bridgeward("apply", larger).status == 0)
    let limit = UInt32((ContinuousClock.now - start) / .microseconds(1) * 1.2)
    #expect(try host.bridgeward("apply", small).status == 0)
    var seen: [KernelRuleset] = []
    for _ in 0..<50 {
      let run = try host.start("apply", larger)
      usleep(UInt32.random(in: 0..<limit))
      run.destroy()
      _ = try run.wait()
      let rules = try host.rules().canonical
      #expect(rules == old || rules == new)
      if !seen.contains(rules) { seen.append(rules) }
      let back = try host.bridgeward("apply", small)
      #expect(back.status == 0, "the next apply works: \(back.errors)")
      #expect(try host.rules().canonical == old)
    }
    #expect(seen.count == 2, "some runs are killed before the change, some after")
  }
}
