import Glibc
import TestSupport
import Testing

/// Whenever the program is killed, the host is in the old state or the new one.
@Suite struct KillTests {
  @Test func leavesTheOldStateOrTheNewOne() throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small, "small.ward")
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    #expect(try host.bridgeward("apply", larger).status == 0)
    let new = try host.listing()
    #expect(try host.bridgeward("apply", small).status == 0)
    let old = try host.listing()
    let clock = ContinuousClock()
    let usual = try clock.measure {
      #expect(try host.bridgeward("apply", larger).status == 0)
    }
    #expect(try host.bridgeward("apply", small).status == 0)
    let limit = UInt32(usual / .microseconds(1) * 1.2)
    var seen = Set<String>()
    for _ in 0..<50 {
      let run = try host.start("apply", larger)
      usleep(UInt32.random(in: 0..<limit))
      run.destroy()
      _ = try run.wait()
      let listing = try host.listing()
      #expect(listing == old || listing == new)
      seen.insert(listing)
      let back = try host.bridgeward("apply", small)
      #expect(back.status == 0, "the next apply works: \(back.errors)")
      #expect(try host.listing() == old)
    }
    #expect(seen.count == 2, "some runs are killed before the change, some after")
  }
}
