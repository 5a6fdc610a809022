import Foundation
import KernelForm
import KernelTestSupport
import NetlinkBackend
import ScratchFiles
import TestSupport
import Testing

/// What leads from one state of a host to another.
enum FaultedChange: CaseIterable {
  /// A policy comes to where there was nothing.
  case first
  /// Another policy comes.
  case second
  /// The policy before comes back.
  case rollback
}

/// Rules and settings of a host.
struct HostState: Equatable {
  var rules: KernelRuleset
  var forwarding: String
}

/// A host on which one change is tried again and again, each time with another fault.
final class FaultedHost {
  let host: LiveHost
  let old: HostState
  let new: HostState
  /// The change.
  let change: FaultServer
  /// What makes the host keep the new policy, whatever was before.
  private let next: FaultServer
  /// As they were read, to bring them back.
  private let oldRules: KernelRuleset
  /// What the rules of a generation were found to be.
  private var known: (generation: UInt32, read: KernelRuleset?, canonical: KernelRuleset)?

  private static let foreign =
    "table inet other { chain mine { type filter hook input priority 5; }; }"
  private static let folders = ["state", "run"]

  init(_ kind: FaultedChange, options: [String] = []) throws {
    host = try LiveHost()
    let small = try host.policy(SamplePolicy.small, "small.ward")
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    let (from, to) = kind == .rollback ? (larger, small) : (small, larger)
    try host.nft("add \(Self.foreign)")
    #expect(try host.bridgeward("apply", to).status == 0)
    new = try Self.state(of: host)
    switch kind {
    case .first:
      #expect(try host.bridgeward("remove").status == 0)
      try Self.clear(host)
    case .second, .rollback: #expect(try host.bridgeward("apply", from).status == 0)
    }
    old = try Self.state(of: host)
    oldRules = try host.rules()
    let place = "\(host.scratch.path)/run"
    let places = ["--state-dir", host.stateDirectory]
    let command = kind == .rollback ? ["rollback"] + places : ["apply"] + options + places + [to]
    change = try FaultServer(host, at: place, command)
    next = try FaultServer(host, at: place, ["apply"] + places + [to])
    try keepFiles()
  }

  /// Makes what the host is in now, files included, what every fault begins with.
  func keepFiles() throws {
    for folder in Self.folders {
      try? FileManager.default.removeItem(atPath: "\(host.scratch.path)/kept-\(folder)")
      try FileManager.default.copyItem(
        atPath: "\(host.scratch.path)/\(folder)", toPath: "\(host.scratch.path)/kept-\(folder)")
    }
  }

  func state() throws -> HostState {
    HostState(rules: try look().canonical, forwarding: try Self.forwarding(of: host))
  }

  private func look() throws -> (read: KernelRuleset?, canonical: KernelRuleset) {
    if let known, try host.generation() == known.generation { return (known.read, known.canonical) }
    let rules = try host.rules()
    let canonical = rules.canonical
    if let generation = rules.generation { known = (generation, rules, canonical) }
    return (rules, canonical)
  }

  /// The next run works: the new policy is in force, and nothing is left over.
  func expectNextRunWorks(_ fault: FaultedRun) throws {
    let run = try next.run(.none)
    #expect(run.status == 0, "after \(fault.description): \(run.errors)")
    #expect(try state() == new, "after \(fault.description)")
    for folder in ["state/history", "state", "run"] {
      let names = try FileManager.default.contentsOfDirectory(
        atPath: "\(host.scratch.path)/\(folder)")
      #expect(!names.contains { $0.hasSuffix(".tmp") }, "after \(fault.description)")
    }
  }

  /// Brings the old state back, and the files that belong to it.
  func reset() throws {
    let now = try look().read ?? host.rules()
    let generation = try host.perform {
      var session = try NetlinkSession()
      try session.commit(plan(from: now, to: oldRules), generation: now.generation)
      return try session.generation()
    }
    known = (generation, nil, old.rules)
    try host.namespace.set([("ipv4/ip_forward", Int(old.forwarding) ?? 0)])
    for folder in Self.folders {
      let path = "\(host.scratch.path)/\(folder)"
      try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(
        atPath: "\(host.scratch.path)/kept-\(folder)", toPath: path)
    }
  }

  /// What is none of ours is as it was.
  func expectOthersUntouched() throws {
    let listing = try host.nft("list", "table", "inet", "other")
    #expect(listing.contains("type filter hook input"), "\(listing)")
  }

  private static func state(of host: LiveHost) throws -> HostState {
    HostState(rules: try host.rules().canonical, forwarding: try forwarding(of: host))
  }

  private static func forwarding(of host: LiveHost) throws -> String {
    let text = try host.perform {
      try String(contentsOfFile: "/proc/sys/net/ipv4/ip_forward", encoding: .utf8)
    }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func clear(_ host: LiveHost) throws {
    for folder in folders {
      let path = "\(host.scratch.path)/\(folder)"
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
  }
}
