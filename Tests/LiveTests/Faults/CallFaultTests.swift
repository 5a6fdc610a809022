import Glibc
import Testing

/// Calls to the system fail, one after the other: the old state stays, or the new one comes, whole.
@Suite struct CallFaultTests {
  /// Every call from the lock on; reading rules is the same for all, and is tried for one of them.
  @Test(arguments: FaultedChange.allCases)
  func everyCall(of kind: FaultedChange) throws {
    let host = try FaultedHost(kind)
    let calls = kind == .second ? [] : Fault.callsBesidesReadingRules
    let runs = try Self.meet(host) { Fault(calls: calls, first: $0, action: .error(0)) }
    let refused = runs.filter { $0.status == 3 }.count
    #expect(
      runs.count > 70 && refused > 20 && runs.count - refused > 20, "\(refused) \(runs.count)")
  }

  @Test func withoutTheRight() throws {
    let host = try FaultedHost(.second)
    let calls = ["socket", "bind", "sendto", "commit"]
    let runs = try Self.meet(host) { Fault(calls: calls, first: $0, action: .error(EPERM)) }
    let refused = runs.filter { $0.status == 3 }
    #expect(refused.count > 10)
    #expect(refused.allSatisfy { $0.message.contains("CAP_NET_ADMIN") })
  }

  /// A security module may say no to each of them.
  @Test func withoutTheRightToFiles() throws {
    let host = try FaultedHost(.second)
    let runs = try Self.meet(host) {
      Fault(calls: Fault.guardedCalls, first: $0, action: .error(EPERM))
    }
    let refused = runs.filter { $0.status == 3 }.count
    #expect(refused > 10 && runs.count - refused > 10, "\(refused) of \(runs.count)")
  }

  /// Signals interrupt every call that they can, once or ten times in a row.
  @Test(arguments: FaultedChange.allCases, [1, 10])
  func interrupted(_ kind: FaultedChange, times: Int) throws {
    let host = try FaultedHost(kind)
    let run = try host.change.run(
      Fault(calls: Fault.interruptibleCalls, first: 1, count: times, action: .interrupt))
    #expect(run.hits.count > 80 * times, "\(run.hits.count)")
    #expect(run.status == 0 && !run.errors.contains("Interrupted"), "\(run.errors)")
    #expect(try host.state() == host.new)
    try host.expectNextRunWorks(run)
  }

  /// Lets one call after the other meet a fault; the runs, in the order of the calls.
  private static func meet(
    _ host: FaultedHost, _ fault: (Int) -> Fault
  ) throws -> [FaultedRun] {
    var runs: [FaultedRun] = []
    while true {
      let run = try host.change.run(fault(runs.count + 1))
      if run.hits.isEmpty {
        #expect(run.status == 0 && run.hits.isEmpty, "\(run.description)")
        break
      }
      runs.append(run)
      try expectWhole(host, run)
      try host.expectNextRunWorks(run)
      try host.reset()
    }
    try host.expectOthersUntouched()
    return runs
  }

  private static func expectWhole(_ host: FaultedHost, _ run: FaultedRun) throws {
    let state = try host.state()
    switch run.status {
    case 0: #expect(state == host.new, "\(run.description)")
    case 3:
      let isInForce = run.message.contains("is in force, but")
      #expect(state == (isInForce ? host.new : host.old), "\(run.description)")
      #expect(run.saysWhatToDo, "\(run.description)")
    default: Issue.record("\(run.description)")
    }
  }
}
