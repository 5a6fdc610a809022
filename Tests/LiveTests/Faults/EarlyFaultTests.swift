import Foundation
import ScratchFiles
import TestSupport
import Testing

/// Calls to the system fail before anything is locked: while the policy is read, and while the
/// kernel is asked what it can do.
@Suite struct EarlyFaultTests {
  /// A host that keeps one policy and is asked to keep another, of several files.
  private final class EarlyHost {
    let host: LiveHost
    let change: FaultServer
    let old: String
    private let back: FaultServer

    init() throws {
      host = try LiveHost()
      let small = try host.policy(SamplePolicy.small, "small.ward")
      #expect(try host.bridgeward("apply", small).status == 0)
      _ = try host.policy("language 1\ninclude \"parts/*.ward\"\n", "policy/first.ward")
      _ = try host.policy("include \"../more.ward\"\n", "policy/second.ward")
      _ = try host.policy(SamplePolicy.larger, "policy/parts/larger.ward")
      let more = "network spare {\n  bridge br-spare\n  subnet 10.21.0.0/24\n}\n"
      _ = try host.policy(more, "more.ward")
      let places = ["--state-dir", host.stateDirectory]
      let run = "\(host.scratch.path)/run"
      back = try FaultServer(host, at: run, ["apply"] + places + [small])
      old = try host.listing()
      change = try FaultServer(
        host, at: "", until: run, ["apply"] + places + ["\(host.scratch.path)/policy"])
    }

    /// Lets one call after the other fail, and sees that it changes nothing, or does no harm.
    func meet(_ fault: (Int) -> Fault) throws -> [FaultedRun] {
      var runs: [FaultedRun] = []
      while true {
        let generation = try host.generation()
        let run = try change.run(fault(runs.count + 1))
        #expect(run.status == 0 || run.status == 3, "\(run.description)")
        if run.status == 0 {
          #expect(try host.listing() != old, "\(run.description)")
          #expect(try back.run(.none).status == 0, "after \(run.description)")
        } else {
          #expect(try host.generation() == generation, "\(run.description)")
          #expect(run.saysWhatToDo, "\(run.description)")
        }
        if run.hits.isEmpty { break }
        runs.append(run)
      }
      #expect(try host.listing() == old)
      return runs
    }
  }

  @Test(arguments: [
    (EIO, Fault.fileCalls), (EACCES, Fault.guardedCalls + ["stat"]),
    (ENOMEM, ["open", "read", "opendir"]),
  ])
  func reading(_ error: Int32, calls: [String]) throws {
    let host = try EarlyHost()
    let runs = try host.meet {
      Fault(calls: calls, first: $0, action: .error(error))
    }
    let refused = runs.filter { $0.status == 3 }
    #expect(refused.count > 5, "\(refused.count) of \(runs.count)")
    for run in refused {
      let words = (run.hits.first ?? "").split(separator: " ").map(String.init)
      // Findings are written before anything is locked.
      let place = words.first == "write" ? "standard error" : host.host.scratch.path
      let path = words.count > 1 ? words[1] : place
      #expect(run.message.contains(path), "\(run.description)")
    }
  }

  /// What tells this network from others is asked here, too.
  @Test func askingTheKernel() throws {
    let host = try EarlyHost()
    let runs = try host.meet { Fault(calls: Fault.kernelCalls, first: $0, action: .error(0)) }
    let refused = runs.filter { $0.status == 3 }
    #expect(refused.count > 8, "\(refused.count) of \(runs.count)")
    #expect(refused.allSatisfy { !$0.message.contains("whether the change was made") })
    let sockets = runs.filter { $0.hits == ["socket "] }
    #expect(sockets.count > 1 && sockets.allSatisfy { $0.status == 3 }, "\(sockets)")
  }

  /// As often as it likes.
  @Test func interrupted() throws {
    let host = try EarlyHost()
    let calls = Fault.interruptibleCalls
    let run = try host.change.run(Fault(calls: calls, first: 1, count: 10, action: .interrupt))
    #expect(run.hits.count > 200, "\(run.hits.count)")
    #expect(run.status == 0 && !run.errors.contains("Interrupted"), "\(run.errors)")
  }
}
