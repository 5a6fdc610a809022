import Foundation
import KernelTestSupport
import ScratchFiles
import TestSupport
import Testing

/// The disk that states are kept on is taken away between one step of a change and the next.
@Suite struct DiskFaultTests {
  enum Loss: String, CaseIterable {
    case full = "dd if=/dev/zero of=filling bs=4k"
    case readOnly = "mount -o remount,ro ."

    var mend: String {
      switch self {
      case .full: "rm filling"
      case .readOnly: "mount -o remount,rw ."
      }
    }
  }

  @Test(arguments: Loss.allCases) func atEachStep(_ loss: Loss) throws {
    try SmallDisk.with(size: 1 << 20) { disk in try Self.lose(disk, loss) }
  }

  private static func lose(_ disk: SmallDisk, _ loss: Loss) throws {
    let host = try LiveHost()
    let places = ["--state-dir", "\(disk.path)/state"]
    let servers = try [SamplePolicy.small, SamplePolicy.larger].enumerated().map { index, text in
      try FaultServer(
        host, at: "\(host.scratch.path)/run",
        ["apply"] + places + [try host.policy(text, "\(index).ward")])
    }
    #expect(try servers[1].run(.none).status == 0)
    let new = try host.rules().canonical
    try servers[1].setHook("cd \(disk.path) && \(loss.rawValue)")
    var refused = 0
    var number = 1
    while true {
      #expect(try servers[0].run(.none).status == 0)
      let old = try host.rules().canonical
      let run = try servers[1].run(
        Fault(calls: Fault.changingCalls, first: number, action: .run))
      if run.hits.isEmpty { break }
      let state = try host.rules().canonical
      if run.status == 0 {
        #expect(state == new, "\(run.description)")
      } else {
        refused += 1
        #expect(run.status == 3 && state == old, "\(run.description)")
        #expect(run.saysWhatToDo, "\(run.description)")
      }
      let mend = try host.shell("cd \(disk.path) && \(loss.mend)")
      #expect(mend.status == 0, "\(mend.errors)")
      let next = try servers[1].run(.none)
      #expect(next.status == 0, "after \(run.description): \(next.errors)")
      #expect(!next.errors.contains("not kept"), "after \(run.description): \(next.errors)")
      #expect(try host.rules().canonical == new, "after \(run.description)")
      number += 1
    }
    #expect(refused > 2 && number - refused > 5, "\(refused) of \(number)")
  }
}
