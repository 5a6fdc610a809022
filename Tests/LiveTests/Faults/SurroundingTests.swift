import Foundation
import KernelTestSupport
import ScratchFiles
import TestSupport
import Testing

/// The program runs where something is missing that is there everywhere else.
@Suite struct SurroundingTests {
  struct Case: Sendable {
    let setUp: String
    /// What is said; `nil` where it works all the same.
    let message: String?
  }

  /// File systems are away, or empty; `/run` is where states are kept unless somebody says otherwise.
  @Test(arguments: [
    Case(setUp: "mount -t tmpfs none /proc", message: "/proc/self/cmdline; mount /proc"),
    Case(setUp: "mount -t tmpfs none /sys", message: nil),
    Case(setUp: "unset RUNTIME_DIRECTORY; mount -t tmpfs none /run", message: nil),
    Case(
      setUp: "unset RUNTIME_DIRECTORY; mount -t tmpfs -o ro none /run",
      message: "Read-only file system; write elsewhere, or mount it for writing"),
  ])
  func fileSystem(_ setting: Case) throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small, "small.ward")
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    #expect(try host.bridgeward("apply", small).status == 0)
    let before = try host.rules().canonical
    let run = try host.shell(
      "unshare --mount bash -c '\(setting.setUp) && "
        + "exec \"$0\" apply --state-dir \"$1\" \(larger)' \"$0\" \"$1\"")
    let after = try host.rules().canonical
    if let message = setting.message {
      #expect(run.status == 3 && after == before, "\(run.status) \(run.errors)")
      #expect(run.errors.contains(message), "\(run.errors)")
    } else {
      #expect(run.status == 0 && after != before, "\(run.status) \(run.errors)")
    }
    #expect(try host.bridgeward("apply", larger).status == 0)
    #expect(try host.bridgeward("diff", larger).status == 0)
  }

  /// With 3 files there is no way to load a library; with a few more the program says what is short,
  /// and with enough it works.
  @Test func openFiles() throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small, "small.ward")
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    #expect(try host.bridgeward("apply", small).status == 0)
    let before = try host.rules().canonical
    var refused = 0
    for limit in 4...12 {
      let run = try host.shell(
        "ulimit -n \(limit); exec \"$0\" apply --state-dir \"$1\" \(larger)")
      if run.status == 0 { break }
      refused += 1
      #expect(run.status == 3, "\(limit): \(run.errors)")
      #expect(run.errors.contains("raise the limit on open files"), "\(limit): \(run.errors)")
      #expect(try host.rules().canonical == before, "\(limit)")
    }
    #expect((1..<9).contains(refused), "\(refused)")
    #expect(try host.bridgeward("apply", larger).status == 0)
    #expect(try host.bridgeward("diff", larger).status == 0)
  }

  /// 64 MiB are too few to compile a hundred thousand publishes, and 90 to apply them: that is said, and
  /// nothing is changed.
  @Test(arguments: [64, 90]) func memory(limit: Int) throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small, "small.ward")
    #expect(try host.bridgeward("apply", small).status == 0)
    let before = try host.rules().canonical
    let large = try host.policy(Self.policy(publishes: 100_000), "large.ward")
    let run = try host.shell(
      "ulimit -d \(limit << 10); export SWIFT_BACKTRACE=enable=no; "
        + "exec \"$0\" apply --state-dir \"$1\" \(large)")
    let after = try host.rules().canonical
    #expect(run.status == 3)
    #expect(after == before)
    #expect(run.errors.contains("raise the limit on memory"), "\(run.errors.suffix(400))")
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    #expect(try host.bridgeward("apply", larger).status == 0)
    #expect(try host.bridgeward("diff", larger).status == 0)
  }

  /// Rules of many networks take more memory than the length of their policy tells, most of it once
  /// they are in force.
  @Test func memoryOfRules() throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small, "small.ward")
    let large = try host.policy(Self.policy(networks: 800), "large.ward")
    #expect(try host.bridgeward("apply", small).status == 0)
    try expectAllOrNothing(
      host, "apply", large, limits: stride(from: 8, through: 48, by: 4),
      rules: { try host.rules().canonical }
    ) { try host.bridgeward("apply", small) }
  }

  /// Going back finds out before the change what it needs to know after it.
  @Test func memoryOfGoingBack() throws {
    let host = try LiveHost()
    let large = try host.policy(Self.policy(networks: 500), "large.ward")
    let small = try host.policy(SamplePolicy.small, "small.ward")
    #expect(try host.bridgeward("apply", large).status == 0)
    #expect(try host.bridgeward("apply", small).status == 0)
    try expectAllOrNothing(
      host, "rollback", "1", limits: stride(from: 7, through: 17, by: 1), rules: host.listing
    ) { try host.bridgeward("rollback", "2") }
  }

  /// What keeps the state by iptables has its memory before the programs are run.
  @Test func memoryOfIptables() throws {
    let host = try LiveHost()
    let large = try host.policy(Self.policy(networks: 80), "large.ward")
    let small = try host.policy(SamplePolicy.small, "small.ward")
    #expect(try host.bridgeward("apply", "--backend", "iptables", small).status == 0)
    try expectAllOrNothing(
      host, "apply", "--backend", "iptables", large,
      limits: stride(from: 8, through: 30, by: 2),
      rules: {
        try host.shell("iptables-save | grep -v '^[#:]'; ip6tables-save | grep -v '^[#:]'").output
      }
    ) { try host.bridgeward("apply", "--backend", "iptables", small) }
  }

  /// Runs the program with these limits on its memory, in MiB: some are too low, and nothing is changed.
  private func expectAllOrNothing<Rules: Equatable>(
    _ host: LiveHost, _ arguments: String..., limits: StrideThrough<Int>,
    rules: () throws -> Rules, goingBack: () throws -> Command.Result
  ) throws {
    let before = try rules()
    var (refused, changed) = (0, 0)
    for limit in limits {
      let run = try host.shell(
        "ulimit -d \(limit << 10); export SWIFT_BACKTRACE=enable=no; "
          + "exec \"$0\" \(arguments.joined(separator: " ")) --state-dir \"$1\"")
      let isSame = try rules() == before
      #expect(run.status == (isSame ? 3 : 0), "\(limit) MiB: \(run.errors.suffix(400))")
      if isSame {
        refused += 1
        let isTold = run.errors.contains("raise the limit on memory")
        #expect(isTold, "\(limit) MiB: \(run.errors.suffix(400))")
      } else {
        changed += 1
        #expect(try goingBack().status == 0)
        #expect(try rules() == before)
      }
    }
    #expect(refused > 2 && changed > 2, "\(refused), \(changed)")
  }

  private static func policy(networks: Int) -> String {
    (0..<networks).map {
      "network n\($0) {\n  bridge b\($0)\n  subnet 10.\($0 / 250).\($0 % 250).0/24\n  masquerade\n}\n"
    }.joined()
  }

  private static func policy(publishes: Int) -> String {
    let protocols = ["tcp", "udp"]
    return protocols.enumerated().map { index, name in
      let lines = (0..<publishes / protocols.count).map {
        "  publish \(name) \(1024 + $0) -> c\($0 % 200):\(1024 + $0) from any\n"
      }
      let containers = (0..<200).map { "  container c\($0) 10.\(index).1.\($0 + 1)\n" }
      return "network n\(index) {\n  bridge br\(index)\n  subnet 10.\(index).0.0/16\n  masquerade\n"
        + containers.joined() + lines.joined() + "}\n"
    }.joined()
  }
}
