import Driver
import Foundation
import Host
import Lowering
import ScratchFiles
import TestSupport
import Testing

/// The kernel's own settings, in a network namespace of their own.
@Suite(.enabled(if: getuid() == 0, "only root may enter namespaces"))
struct KernelSettingTests {
  private func inNamespace<Value>(
    _ group: Int, _ body: (NetworkNamespace) throws -> Value
  ) throws -> Value {
    let namespaces = try NetworkNamespace.create(["sysctls"], of: group)
    defer { try? NetworkNamespace.remove(namespaces) }
    return try namespaces[0].perform { try body(namespaces[0]) }
  }

  /// Every setting of every interface.
  private func everything() throws -> [String: String] {
    var values: [String: String] = [:]
    let store = SysctlStore()
    for folder in ["net/ipv4/conf", "net/ipv6/conf"] {
      for interface in try store.interfaces(below: folder) {
        for name in try store.interfaces(below: "\(folder)/\(interface)") {
          let path = "\(folder)/\(interface)/\(name)"
          // Secrets cannot be read before they are set.
          values[path] = try? store.value(of: path)
        }
      }
    }
    values["net/ipv4/ip_forward"] = try store.value(of: "net/ipv4/ip_forward")
    return values
  }

  private let settings = [
    SysctlSetting(name: "net/ipv4/ip_forward", value: "1", reason: ""),
    SysctlSetting(name: "net/ipv6/conf/eth0/accept_ra", value: "2", reason: ""),
    SysctlSetting(name: "net/ipv6/conf/all/forwarding", value: "1", reason: ""),
    SysctlSetting(name: "net/ipv4/conf/eth0/route_localnet", value: "1", reason: ""),
  ]

  @Test func everythingIsPutBackAsItWas() throws {
    try inNamespace(1) { namespace in
      try namespace.configure([
        "link add eth0 type veth peer name eth1", "link set eth0 up", "link set eth1 up",
      ])
      try namespace.set([
        ("ipv4/conf/eth1/forwarding", 1), ("ipv6/conf/eth1/forwarding", 1),
        ("ipv4/conf/all/accept_redirects", 0), ("ipv6/conf/default/forwarding", 1),
      ])
      let before = try everything()
      let plan = try SysctlPlan(
        settings, ledger: [], store: SysctlStore(),
        advertised: try RouterAdvertisedRoutes.interfaces())
      var transaction = SysctlTransaction(SysctlStore())
      try transaction.requireWritable(plan.changes)
      try transaction.perform(plan.changes)
      let during = try everything()
      #expect(during["net/ipv4/conf/eth0/forwarding"] == "1")
      #expect(during["net/ipv6/conf/eth0/accept_ra"] == "2")
      #expect(during["net/ipv4/conf/eth0/route_localnet"] == "1")
      let later = try SysctlPlan(
        [], ledger: plan.ledger, store: SysctlStore(), advertised: [])
      var back = SysctlTransaction(SysctlStore())
      try back.withdraw(later.withdrawals)
      #expect(try everything() == before)
    }
  }

  @Test func advertisedRoutesAreSeen() throws {
    try inNamespace(2) { namespace in
      try namespace.configure(["link add eth0 type bridge", "link set eth0 up"])
      #expect(try RouterAdvertisedRoutes.interfaces() == [])
      try namespace.run("ip", "-6", "route", "add", "default", "via", "fe80::1", "dev", "eth0")
      #expect(try RouterAdvertisedRoutes.interfaces() == [], "that one is the administrator's")
    }
    let table = try Scratch()
    let zero = String(repeating: "0", count: 32)
    func line(_ length: String, _ flags: String, _ name: String) -> String {
      "\(zero) \(length) \(zero) 00 \(zero) 00000400 00000003 00000000 \(flags) \(name)"
    }
    let path = try table.write(
      "routes",
      [
        line("00", "00450003", "    wan"), line("00", "00000003", "   eth0"),
        line("40", "00450001", "   eth1"), "broken",
      ].joined(separator: "\n"))
    #expect(try RouterAdvertisedRoutes.interfaces(path: path) == ["wan"])
    #expect(try RouterAdvertisedRoutes.interfaces(path: "/nonexistent") == [])
  }

  /// What systemd's udev rule runs when an interface appears.
  @Test func systemdMakesDeferredSettings() throws {
    let scratch = try Scratch()
    let file = "\(scratch.path)/60-bridgeward.conf"
    try DeferredSysctls(directory: scratch.path).write(settings)
    try inNamespace(3) { namespace in
      try namespace.configure(["link add eth0 type bridge"])
      let program = "/lib/systemd/systemd-sysctl"
      try #require(FileManager.default.isExecutableFile(atPath: program))
      try namespace.run(
        program, "--prefix=/net/ipv4/conf/eth0", "--prefix=/net/ipv6/conf/eth0", file)
      let store = SysctlStore()
      #expect(try store.value(of: "net/ipv4/conf/eth0/route_localnet") == "1")
      #expect(try store.value(of: "net/ipv6/conf/eth0/accept_ra") == "2")
      #expect(try store.value(of: "net/ipv4/ip_forward") == "0")
    }
  }
}
