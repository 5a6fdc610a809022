import Glibc
import TestSupport
import Testing

/// The ways back of `apply --backend iptables`, with both variants.
@Suite struct IptablesStateTests {
  /// A host whose iptables is one of the variants.
  private struct IptablesHost {
    let live: LiveHost
    let variant: String

    init(_ variant: String) throws {
      live = try LiveHost()
      self.variant = variant
      // Somebody else's rules are there, before and after.
      try run("iptables-\(variant) -A FORWARD -p 47 -j DROP").expectSuccess()
    }

    @discardableResult
    func run(_ line: String) throws -> Command.Result { try live.shell(line) }

    func bridgeward(_ words: String) throws -> Command.Result {
      let programs = "IPTABLES=iptables-\(variant) IP6TABLES=ip6tables-\(variant)"
      return try run("\(programs) \"$0\" \(words) --state-dir \"$1\"")
    }

    func apply(_ policy: String, _ options: String = "") throws -> Command.Result {
      try bridgeward("apply --backend iptables \(options) \(policy)")
    }

    /// What both families show, without what changes by itself.
    func rules() throws -> String {
      try run(
        "{ iptables-\(variant)-save; ip6tables-\(variant)-save; } | "
          + "sed -e '/^#/d' -e 's/\\[[0-9:]*\\]//'"
      ).output
    }

    func waits(for rules: String) async throws -> Bool {
      try await live.waits { try self.rules() == rules }
    }
  }

  @Test(arguments: ["nft", "legacy"]) func undoesWhatNobodyConfirms(_ variant: String) async throws
  {
    let host = try IptablesHost(variant)
    let small = try host.live.policy(SamplePolicy.small, "small.ward")
    let larger = try host.live.policy(SamplePolicy.larger, "larger.ward")
    try host.apply(small).expectSuccess()
    try host.run("iptables-\(variant) -I BW-forward -m ttl --ttl-eq 9 -j ACCEPT").expectSuccess()
    let before = try host.rules()
    let tried = try host.apply(larger, "--confirm 20")
    #expect(tried.output.hasSuffix("keep it with: bridgeward confirm\n"), "\(tried.errors)")
    #expect(try host.rules() != before)
    #expect(try await host.waits(for: before), "all of it comes back, foreign edits included")
    #expect(try host.bridgeward("confirm").status == 3)
  }

  @Test(arguments: ["nft", "legacy"]) func undoesTheFirstChange(_ variant: String) async throws {
    let host = try IptablesHost(variant)
    let small = try host.live.policy(SamplePolicy.small)
    try host.apply(small, "--confirm 20").expectSuccess()
    #expect(try host.live.setting("net.ipv4.ip_forward") == "1")
    // Tables that were touched stay, empty.
    #expect(try await host.live.waits { try !host.rules().contains("BW-") })
    #expect(try host.rules().contains("-A FORWARD -p gre -j DROP"))
    #expect(try await host.live.waits { try host.live.setting("net.ipv4.ip_forward") == "0" })
  }

  @Test func keepsWhatIsConfirmed() async throws {
    let host = try IptablesHost("nft")
    let larger = try host.live.policy(SamplePolicy.larger)
    try host.apply(larger, "--confirm 20").expectSuccess()
    let applied = try host.rules()
    #expect(try host.apply(larger).errors.contains("waits for its confirmation"))
    try host.bridgeward("confirm").expectSuccess()
    try await Task.sleep(for: .seconds(21))
    #expect(try host.rules() == applied)
    let list = try host.bridgeward("history").output
    #expect(list.contains("accepted") && list.contains("through iptables"))
    #expect(try host.apply(larger).output == "nothing to change\n")
  }

  /// With the keeper gone, too, the next command sees to it.
  @Test func nextCommandUndoesWhatItsKeeperCannot() async throws {
    let host = try IptablesHost("legacy")
    let small = try host.live.policy(SamplePolicy.small)
    try host.apply(small, "--confirm 20").expectSuccess()
    try host.run("pkill -9 -f \"keep .* --state-dir $1\"")
    try await Task.sleep(for: .seconds(21))
    #expect(try host.rules().contains("BW-"))
    // Whatever the next shell takes for iptables.
    #expect(try host.run("\"$0\" rollback --state-dir \"$1\"").status == 0)
    #expect(try !host.rules().contains("BW-"))
  }

  @Test(arguments: ["nft", "legacy"]) func goesBackAndForth(_ variant: String) throws {
    let host = try IptablesHost(variant)
    let small = try host.live.policy(SamplePolicy.small, "small.ward")
    let larger = try host.live.policy(SamplePolicy.larger, "larger.ward")
    try host.apply(small).expectSuccess()
    let first = try host.rules()
    try host.apply(larger).expectSuccess()
    let second = try host.rules()
    #expect(first != second)
    try host.bridgeward("rollback").expectSuccess()
    #expect(try host.rules() == first)
    try host.bridgeward("rollback 2").expectSuccess()
    #expect(try host.rules() == second)
    let status = try host.bridgeward("status --format json")
    #expect(status.output.contains("\"backend\" : \"iptables\""), "\(status.output)")
    #expect(status.status == 0)
    try host.bridgeward("remove").expectSuccess()
    #expect(try !host.rules().contains("BW-"))
    #expect(try host.bridgeward("status").output.contains("loaded: nothing of ours"))
  }

  @Test(arguments: ["nft", "legacy"]) func bootsFromWhatWasAccepted(_ variant: String) throws {
    let host = try IptablesHost(variant)
    let small = try host.live.policy(SamplePolicy.small)
    if variant == "legacy" {
      // A table is shown from the first time on that somebody looks at it.
      try host.run(
        "for t in raw mangle filter nat; do for p in iptables ip6tables; do "
          + "$p-legacy -t $t -S >/dev/null; done; done"
      ).expectSuccess()
    }
    try host.apply(small).expectSuccess()
    let applied = try host.rules()
    try host.run(
      "for t in raw mangle filter nat; do for p in iptables ip6tables; do "
        + "$p-\(variant) -t $t -F; $p-\(variant) -t $t -X; done; done; "
        + "iptables-\(variant) -A FORWARD -p 47 -j DROP; sysctl -qw net.ipv4.ip_forward=0"
    ).expectSuccess()
    #expect(try !host.rules().contains("BW-"))
    // As the early unit runs it: nothing names the variant.
    let boot = try host.run("\"$0\" boot --state-dir \"$1\"")
    #expect(boot.status == 0 && boot.errors == "", "\(boot.errors)")
    #expect(try host.rules() == applied)
    #expect(try host.live.setting("net.ipv4.ip_forward") == "1")
    #expect(try host.run("\"$0\" boot --state-dir \"$1\"").status == 0)
    let main = try host.apply(small, "--boot")
    #expect(main.output == "nothing to change\n", "\(main.errors)")
    // What stock iptables makes of the file.
    let lines = "sed -n 's/^#4 //p' \"$1/accepted.nft\""
    try host.run("\(lines) | iptables-\(variant)-restore --noflush --test").expectSuccess()
    try host.run("nft -c -f \"$1/accepted.nft\"").expectSuccess()
  }

  /// A policy that did not last is not tried again at boot.
  @Test func abandonedPoliciesStayOut() throws {
    let host = try IptablesHost("nft")
    let small = try host.live.policy(SamplePolicy.small, "small.ward")
    let larger = try host.live.policy(SamplePolicy.larger, "larger.ward")
    try host.apply(small).expectSuccess()
    try host.apply(larger).expectSuccess()
    try host.bridgeward("rollback").expectSuccess()
    let before = try host.rules()
    #expect(try host.apply(larger, "--boot").status == 3)
    #expect(try host.rules() == before)
  }

  /// One backend at a time, also on the way back.
  @Test func aWayBackLeadsToTheOtherBackend() throws {
    let host = try IptablesHost("legacy")
    let small = try host.live.policy(SamplePolicy.small, "small.ward")
    let larger = try host.live.policy(SamplePolicy.larger, "larger.ward")
    try host.apply(small).expectSuccess()
    let chains = try host.rules()
    let refused = try host.live.bridgeward("apply", larger)
    #expect(refused.status == 3 && refused.errors.contains("bridgeward remove"))
    #expect(try host.rules() == chains)
    try host.bridgeward("remove").expectSuccess()
    #expect(try host.live.bridgeward("apply", larger).status == 0)
    let tables = try host.live.listing()
    #expect(try host.live.bridgeward("rollback", "1").status == 0)
    #expect(try host.rules() == chains && host.live.listing() == "")
    #expect(try host.live.bridgeward("rollback", "2").status == 0)
    #expect(try !host.rules().contains("BW-"))
    #expect(try host.live.listing() == tables)
  }

  @Test func aFullDiskChangesNothing() throws {
    let host = try IptablesHost("nft")
    let small = try host.live.policy(SamplePolicy.small)
    let before = try host.rules()
    let full = try host.run(
      "unshare --mount bash -c 'mount -t tmpfs -o size=4k,nr_inodes=2 full \"$1\" && "
        + "IPTABLES=iptables-nft IP6TABLES=ip6tables-nft \"$0\" apply --backend iptables "
        + "--state-dir \"$1\" \(small)' \"$0\" \"$1\"")
    #expect(full.status == 3, "\(full.output)\(full.errors)")
    #expect(try host.rules() == before)
    #expect(try host.live.setting("net.ipv4.ip_forward") == "0")
  }
}

extension Command.Result {
  fileprivate func expectSuccess(_ place: SourceLocation = #_sourceLocation) {
    #expect(status == 0, "\(output)\(errors)", sourceLocation: place)
  }
}
