import Driver
import Foundation
import Host
import Lowering
import ScratchFiles
import Testing

struct SysctlPlanTests {
  private let proc: Scratch
  private var store: SysctlStore { SysctlStore(root: proc.path) }

  private let forward = SysctlSetting(name: "net/ipv4/ip_forward", value: "1", reason: "routes")
  private let advertisements = SysctlSetting(
    name: "net/ipv6/conf/eth0/accept_ra", value: "2", reason: "still read")
  private let forward6 = SysctlSetting(
    name: "net/ipv6/conf/all/forwarding", value: "1", reason: "routes")
  private let loopback = SysctlSetting(
    name: "net/ipv4/conf/br0/route_localnet", value: "1", reason: "loopback")

  init() throws {
    proc = try Scratch()
    try set([
      "net/ipv4/ip_forward": "0", "net/ipv4/conf/all/accept_redirects": "0",
      "net/ipv4/conf/all/forwarding": "0", "net/ipv4/conf/eth1/forwarding": "1",
      "net/ipv4/conf/default/route_localnet": "0", "net/ipv6/conf/all/forwarding": "0",
      "net/ipv6/conf/eth0/accept_ra": "1", "net/ipv6/conf/eth1/accept_ra": "1",
    ])
  }

  private func set(_ values: [String: String]) throws {
    for (name, value) in values { try proc.write(name, "\(value)\n") }
  }

  private func plan(
    _ settings: [SysctlSetting], ledger: [SysctlRecord] = [], advertised: [String] = []
  ) throws -> SysctlPlan {
    try SysctlPlan(settings, ledger: ledger, store: store, advertised: advertised)
  }

  private func value(_ name: String) throws -> String { try store.value(of: name) }

  @Test func whatIsRightIsNotWrittenAndNotOurs() throws {
    try set(["net/ipv4/ip_forward": "1", "net/ipv6/conf/eth0/accept_ra": "2"])
    let plan = try plan([forward, advertisements])
    #expect(plan.changes.isEmpty && plan.ledger.isEmpty && plan.withdrawals.isEmpty)
    #expect(plan.required.map(\.name) == [forward.name, advertisements.name])
    #expect(plan.required.allSatisfy { $0.before == nil })
  }

  @Test func advertisementsStayReadBeforeForwardingGoesOn() throws {
    let plan = try plan([forward, advertisements, forward6], advertised: ["eth0", "eth1"])
    #expect(
      plan.changes.map(\.name) == [
        "net/ipv4/ip_forward", "net/ipv6/conf/eth0/accept_ra", "net/ipv6/conf/eth1/accept_ra",
        "net/ipv6/conf/all/forwarding",
      ])
  }

  @Test func whoTakesNoAdvertisementsDoesNotBegin() throws {
    try set(["net/ipv6/conf/eth0/accept_ra": "0"])
    let plan = try plan([advertisements, forward6])
    #expect(plan.changes.map(\.name) == ["net/ipv6/conf/all/forwarding"])
    #expect(plan.ofInterfaces.isEmpty)
  }

  @Test func whereForwardingIsOnRoutesAreNotLost() throws {
    try set(["net/ipv6/conf/all/forwarding": "1"])
    let plan = try plan([forward6], advertised: ["eth1"])
    #expect(plan.changes.isEmpty)
  }

  @Test func changesAreMadeAndPutBack() throws {
    let plan = try plan([forward, forward6])
    var transaction = SysctlTransaction(store)
    try transaction.requireWritable(plan.changes)
    try transaction.perform(plan.changes)
    #expect(try value("net/ipv4/ip_forward") == "1")
    // What the kernel does along with it.
    try set([
      "net/ipv4/conf/all/accept_redirects": "1", "net/ipv4/conf/eth1/forwarding": "0",
    ])
    let later = try self.plan([], ledger: plan.ledger)
    #expect(later.withdrawals.map(\.name) == [forward6.name, forward.name], "the other way round")
    #expect(later.ledger.isEmpty)
    var back = SysctlTransaction(store)
    try back.withdraw(later.withdrawals)
    #expect(back.taken.isEmpty)
    #expect(try value("net/ipv4/ip_forward") == "0")
    #expect(try value("net/ipv6/conf/all/forwarding") == "0")
    #expect(try value("net/ipv4/conf/all/accept_redirects") == "0")
    #expect(try value("net/ipv4/conf/eth1/forwarding") == "1")
  }

  @Test func oursStaysOursFromApplyToApply() throws {
    let first = try plan([forward])
    var transaction = SysctlTransaction(store)
    try transaction.perform(first.changes)
    let second = try plan([forward, forward6], ledger: first.ledger)
    #expect(second.changes.map(\.name) == [forward6.name])
    #expect(second.ledger.first == first.ledger.first)
    #expect(second.withdrawals.isEmpty)
  }

  @Test func whatOthersHaveSetSinceIsTheirs() throws {
    try set(["net/ipv6/conf/eth0/accept_ra": "1"])
    let plan = try plan([advertisements])
    var transaction = SysctlTransaction(store)
    try transaction.perform(plan.changes)
    try set(["net/ipv6/conf/eth0/accept_ra": "0"])
    var back = SysctlTransaction(store)
    try back.withdraw(plan.ledger)
    #expect(try value("net/ipv6/conf/eth0/accept_ra") == "0")
    #expect(back.taken.map(\.name) == [advertisements.name])
  }

  @Test func aFailureInTheMiddleIsTakenBack() throws {
    let plan = try plan([forward, advertisements])
    var transaction = SysctlTransaction(store)
    try FileManager.default.removeItem(
      atPath: "\(proc.path)/net/ipv6/conf/eth0/accept_ra")
    let error = #expect(throws: HostError.self) { try transaction.perform(plan.changes) }
    #expect(error?.code == .notFound)
    #expect(try value("net/ipv4/ip_forward") == "1")
    try transaction.revert()
    #expect(try value("net/ipv4/ip_forward") == "0")
  }

  @Test func settingsOfInterfacesToComeAreDeferred() throws {
    let plan = try plan([forward, loopback])
    #expect(plan.changes.map(\.name) == [forward.name])
    #expect(plan.missing == [loopback])
    #expect(plan.ofInterfaces == [loopback])
    #expect(try self.plan([advertisements, forward6]).ofInterfaces == [advertisements])
    #expect(plan.ledger.last == SysctlRecord(name: loopback.name, value: "1", before: "0"))
    let file = DeferredSysctls(directory: "\(proc.path)/run/sysctl.d")
    try file.write([forward, loopback])
    #expect(
      try proc.read("run/sysctl.d/60-bridgeward.conf")
        == """
        # Made by bridgeward for the policy that is applied.
        # loopback
        net/ipv4/conf/br0/route_localnet = 1

        """)
    for _ in 0..<2 {
      try file.write([forward])
      #expect(try Directory("\(proc.path)/run/sysctl.d").names() == [])
    }
  }

  @Test func theLedgerIsAFile() throws {
    let ledger = SysctlLedger(path: "\(proc.path)/sysctls")
    #expect(try ledger.read() == [])
    let records = try plan([forward, forward6]).ledger
    try ledger.write(records)
    #expect(try ledger.read() == records)
    let file = URL(fileURLWithPath: "\(proc.path)/sysctls")
    let bytes = [UInt8](try Data(contentsOf: file))
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1
      try Data(damaged).write(to: file)
      #expect(#expect(throws: HostError.self) { try ledger.read() }?.code == .damaged)
    }
    try ledger.write([])
    #expect(try ledger.read() == [])
  }
}
