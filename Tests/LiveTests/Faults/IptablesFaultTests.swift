import Glibc
import TestSupport
import Testing

/// What can fail of `apply --backend iptables`: our calls, and the programs that we run.
@Suite struct IptablesFaultTests {
  /// The calls by which programs are run: no processes, no files, no memory. Of those that are made
  /// several times for each program, not every one, and now this, now that of a program's.
  @Test(arguments: [
    ("posix_spawnp", 1, FaultedIptables.Variant.legacy), ("posix_spawnp", 1, .nft),
    ("socketpair", 5, .legacy), ("poll", 7, .legacy), ("send", 1, .legacy), ("send", 1, .nft),
    ("waitpid", 1, .legacy),
  ])
  func running(_ call: String, stride: Int, _ variant: FaultedIptables.Variant) throws {
    let host = try FaultedIptables(.apply, variant)
    let runs = try host.meet {
      Fault(calls: [call], first: 1 + ($0 - 1) * stride, action: .error(0))
    }
    let refused = runs.filter { $0.status == 3 }
    #expect(refused.count == runs.count && refused.count > 1, "\(refused.count) \(runs.count)")
    // How often a program is waited for is not always the same.
    let isLastMet = refused.contains { $0.message.contains("ip6tables-restore") }
    #expect(isLastMet || stride > 1)
  }

  /// No process, on the way to another entry of the history.
  @Test func goingBack() throws {
    let host = try FaultedIptables(.rollback)
    let runs = try host.meet { Fault(calls: ["posix_spawnp"], first: $0, action: .error(0)) }
    #expect(runs.count > 4 && runs.allSatisfy { $0.status == 3 }, "\(runs.count)")
  }

  /// Each call that changes a file, for once, or from then on: as when the disk fills up.
  @Test(arguments: [(Fault.fileChanges, 1), (Fault.callsForRoom, 1000)])
  func files(_ calls: [String], count: Int) throws {
    let host = try FaultedIptables()
    let runs = try host.meet {
      Fault(calls: calls, first: $0, count: count, action: .error(0))
    }
    let refused = runs.filter { $0.status == 3 }.count
    #expect(refused > 2 && runs.count > refused, "\(refused) of \(runs.count)")
  }

  /// The kernel is asked for tables of ours first: where it does not answer, they may be there.
  @Test func tablesThatCannotBeSeen() throws {
    let host = try FaultedIptables()
    let runs = try host.meet {
      Fault(calls: ["socket", "bind", "sendto"], first: $0, action: .error(0))
    }
    #expect(runs.contains { $0.status == 3 && $0.message.contains("cannot reach nf_tables") })
  }

  /// A program fails, does half of its work, or is ended after all of it.
  @Test(arguments: FaultedIptables.Variant.allCases)
  func programs(_ variant: FaultedIptables.Variant) throws {
    let host = try FaultedIptables(.apply, variant)
    for end in FaultedIptables.ProgramEnd.allCases {
      for (program, number) in end.places {
        let run = try host.meet(end, of: program, call: number)
        #expect(run.status == 3, "\(end) \(program): \(run.description)")
        #expect(run.message.contains("\(program) failed: "), "\(run.description)")
        #expect(run.message.contains(end.complaint), "\(run.description)")
      }
    }
  }

  /// We are killed before each program that we run, and before each change of a file.
  @Test(arguments: FaultedIptables.Variant.allCases)
  func killedOnTheWay(_ variant: FaultedIptables.Variant) throws {
    let host = try FaultedIptables(.apply, variant)
    let (runs, halves) = try host.kill(before: ["posix_spawnp"] + Fault.fileChanges)
    #expect(runs > 10, "\(runs)")
    #expect(halves > 0, "between the two families, too")
  }

  /// From one program on, none can be started: what was done cannot be put back, and that is said.
  @Test func noMoreProcesses() throws {
    let host = try FaultedIptables()
    var halves = 0
    for number in 1...6 {
      let run = try host.run(
        Fault(calls: ["posix_spawnp"], first: number, count: 1000, action: .error(ENOMEM)))
      #expect(run.status == 3 && !run.hits.isEmpty, "\(run.description)")
      if try host.state() != host.state(before: true) {
        halves += 1
        #expect(run.message.contains("taking back what was done failed"), "\(run.description)")
        #expect(run.message.hasSuffix("see `bridgeward diff`"), "\(run.description)")
      }
      try host.expectNextRunWorks(run)
    }
    #expect(halves == 1)
  }
}
