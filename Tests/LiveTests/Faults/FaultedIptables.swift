import Foundation
import ScratchFiles
import TestSupport
import Testing

/// A host that keeps now one policy by iptables, now another; each change meets a fault.
final class FaultedIptables {
  /// By what the policies change.
  enum Way { case apply, rollback }

  /// Which iptables of the two that there are.
  enum Variant: String, CaseIterable { case legacy, nft }

  /// How a program of iptables ends that is not to succeed.
  enum ProgramEnd: String, CaseIterable {
    case refuses, isLocked, isKilledBefore, isKilledHalfway, isKilledAfter

    /// The programs, and which of their calls.
    var places: [(String, Int)] {
      let restoring = [("iptables-restore", 1), ("ip6tables-restore", 1)]
      switch self {
      case .refuses: return restoring + [("iptables-save", 1), ("ip6tables-save", 2)]
      case .isKilledHalfway: return restoring + [("ip6tables-save", 1), ("iptables-save", 2)]
      case .isLocked, .isKilledBefore, .isKilledAfter: return restoring
      }
    }

    /// What it, or the lack of it, comes to.
    var complaint: String {
      switch self {
      case .refuses: "line 3 failed"
      case .isLocked: "holding the xtables lock"
      case .isKilledBefore, .isKilledHalfway, .isKilledAfter: "signal 9 ended it"
      }
    }
  }

  /// What a change that is ended in the middle leaves as it was, or makes new, each by itself.
  struct State: Hashable {
    var ipv4: String
    var ipv6: String
    var settings: String
  }

  private let host: LiveHost
  private let variant: Variant
  /// What the host comes to by each of the changes.
  private let states: [State]
  private let changes: [FaultServer]
  /// The change that is next.
  private var next = 1

  private static let policies = [SamplePolicy.small, SamplePolicy.larger].map {
    $0.replacing("subnet 10.20.0.0/24", with: "subnet 10.20.0.0/24\n    subnet fd20::/64")
  }

  init(_ way: Way = .apply, _ variant: Variant = .legacy) throws {
    host = try LiveHost()
    self.variant = variant
    let programs = "\(host.scratch.path)/programs"
    try Self.writePrograms(host, programs, variant)
    let variables = ["PATH=\(programs):/usr/sbin:/usr/bin:/sbin:/bin", "PLAN=\(programs)/plan"]
    // Somebody else's rule is there, before and after.
    _ = try host.shell("iptables-\(variant) -A FORWARD -p 47 -j DROP")
    var servers: [FaultServer] = []
    var states: [State] = []
    let place = "\(host.scratch.path)/run"
    let words = ["apply", "--backend", "iptables", "--state-dir", host.stateDirectory]
    for (number, text) in Self.policies.enumerated() {
      var words = words + [try host.policy(text, "\(number).ward")]
      if way == .rollback {
        let line = (variables + ["\"$0\""] + words).joined(separator: " ")
        #expect(try host.shell(line).status == 0)
        words = ["rollback", "--state-dir", host.stateDirectory, "\(number + 1)"]
      }
      servers.append(try FaultServer(host, at: place, variables: variables, words))
    }
    changes = servers
    // The tables of the kernel that were touched once stay.
    for number in [1, 0, 1, 0] {
      let run = try servers[number].run(.none)
      #expect(run.status == 0, "\(run.errors)")
      states.insert(try Self.state(of: host, variant), at: 0)
    }
    self.states = Array(states.prefix(2))
    #expect(states[0] == states[2] && states[1] == states[3] && states[0] != states[1])
  }

  func run(_ fault: Fault) throws -> FaultedRun { try changes[next].run(fault) }

  func state() throws -> State { try Self.state(of: host, variant) }

  /// What the host is in before the next change, or after it.
  func state(before: Bool) -> State { states[before ? 1 - next : next] }

  /// Lets one call after the other meet a fault; the runs, in the order of the calls.
  func meet(_ fault: (Int) -> Fault) throws -> [FaultedRun] {
    var runs: [FaultedRun] = []
    // The way back may take another call or two.
    var misses = 0
    while misses < 2 {
      let run = try run(fault(runs.count + 1))
      try expectWhole(run)
      try expectNextRunWorks(run)
      if run.hits.isEmpty {
        #expect(run.status == 0, "\(run.description)")
        misses += 1
      } else {
        runs.append(run)
      }
    }
    return runs
  }

  /// Lets a call of a program end in some way.
  func meet(_ end: ProgramEnd, of program: String, call: Int) throws -> FaultedRun {
    let folder = "\(host.scratch.path)/programs"
    try host.scratch.write("programs/plan", "\(program) \(end.rawValue)\n")
    try host.scratch.write("programs/plan-\(program)", "\(call)\n")
    let run = try run(.none)
    let count = try String(contentsOfFile: "\(folder)/plan-\(program)", encoding: .utf8)
    #expect((Int(count.prefix { $0 != "\n" }) ?? call) <= 0, "\(program): \(count)")
    try host.scratch.write("programs/plan", "none none\n")
    try expectWhole(run)
    try expectNextRunWorks(run)
    return run
  }

  func expectNextRunWorks(_ fault: FaultedRun) throws {
    let run = try changes[next].run(.none)
    #expect(run.status == 0, "after \(fault.description): \(run.errors)")
    #expect(try state() == states[next], "after \(fault.description)")
    next = 1 - next
  }

  private func expectWhole(_ run: FaultedRun) throws {
    let state = try state()
    switch run.status {
    case 0: #expect(state == self.state(before: false), "\(run.description)")
    case 3:
      #expect(state == self.state(before: true), "\(run.description)")
      let isHalf = run.message.hasSuffix("see `bridgeward diff`")
      #expect(run.saysWhatToDo || isHalf, "\(run.description)")
    default: Issue.record("\(run.description)")
    }
  }

  /// Rules of both families, without what changes by itself, and the settings.
  private static func state(of host: LiveHost, _ variant: Variant) throws -> State {
    try host.perform {
      State(
        ipv4: rules(try Command(["iptables-\(variant)-save"]).run()),
        ipv6: rules(try Command(["ip6tables-\(variant)-save"]).run()),
        settings: try String(contentsOfFile: "/proc/sys/net/ipv4/ip_forward", encoding: .utf8))
    }
  }

  private static func rules(_ saved: String) -> String {
    saved.split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.hasPrefix(":") ? $0.prefix { $0 != "[" } : $0 }.joined(separator: "\n")
  }

  /// Ends the program before each of its calls of this kind in turn; how often the rules of one
  /// family were new then, and those of the other old.
  ///
  /// Two programs make the change, so that nobody can make it at once: each family is whole.
  func kill(before calls: [String]) throws -> (runs: Int, halves: Int) {
    var (runs, halves) = (0, 0)
    while true {
      let run = try run(Fault(calls: calls, first: runs + 1, action: .kill))
      if run.hits.isEmpty { break }
      runs += 1
      #expect(run.status == 128 + 9, "\(run.description)")
      let (now, old, new) = (try state(), state(before: true), state(before: false))
      #expect(now.ipv4 == old.ipv4 || now.ipv4 == new.ipv4, "\(run.description)")
      #expect(now.ipv6 == old.ipv6 || now.ipv6 == new.ipv6, "\(run.description)")
      #expect(now.settings == old.settings || now.settings == new.settings, "\(run.description)")
      if (now.ipv4 == new.ipv4) != (now.ipv6 == new.ipv6) { halves += 1 }
      try expectNextRunWorks(run)
    }
    next = 1 - next
    return (runs, halves)
  }

  /// Programs that stand before iptables' own in PATH, and end as they are told.
  private static func writePrograms(
    _ host: LiveHost, _ folder: String, _ variant: Variant
  ) throws {
    try host.scratch.write("programs/plan", "none none\n")
    let script = """
      #!/bin/sh
      name=${0##*/}
      real=${name%-*}-\(variant)-${name##*-}
      read -r program end < "$PLAN"
      [ "$program" = "$name" ] || exec "$real" "$@"
      read -r count < "$PLAN-$name"
      count=$((count - 1))
      echo $count > "$PLAN-$name"
      [ $count = 0 ] || exec "$real" "$@"
      case $end in
      refuses) echo "line 3 failed" >&2; exit 1 ;;
      isLocked) echo "Another app is currently holding the xtables lock." >&2; exit 4 ;;
      isKilledHalfway)
        case $name in
        *-restore) sed /^COMMIT/q | "$real" "$@" ;;
        *) "$real" "$@" | head -n 3 ;;
        esac ;;
      isKilledAfter) "$real" "$@" ;;
      esac
      kill -9 $$
      """
    for program in ["iptables", "ip6tables"] {
      for verb in ["save", "restore"] {
        try Command.install(script, at: "\(folder)/\(program)-\(verb)")
      }
    }
  }
}
