import TestSupport
import Testing

/// Changes that would cut the connection of the user who makes them.
@Suite struct SSHTests {
  /// What is in force first, which keeps nobody from the host.
  private static let open = policy(
    "default deny world -> host\nallow world -> host tcp 22\n"
      + "default deny lab -> host\nallow lab -> host tcp 22\n")

  private static func policy(_ lines: String, inside: String = "") -> String {
    """
    uplink up0
    network lab {
        bridge br-lab
        subnet 10.20.0.0/24
        masquerade
        container web 10.20.0.10
        container db  10.20.0.11
        \(inside)
    }
    \(lines)
    """
  }

  private static let fromLab = "10.20.0.10 50000 10.20.0.1 22"
  private static let fromWorld = "10.99.0.2 50000 10.99.0.1 22"

  private func apply(
    _ policy: String, _ options: String = "", over connection: String, on host: LiveHost
  ) throws -> Command.Result {
    try host.shell(
      "SSH_CONNECTION='\(connection)' \"$0\" apply \(options) --state-dir \"$1\" "
        + (try host.policy(policy)))
  }

  @Test(arguments: [
    (fromLab, policy("default deny lab -> host\n")),
    (fromLab, policy("deny web -> host tcp 22\n")),
    (fromLab, policy("default deny lab -> host\nallow lab -> host tcp 22 limit 3/minute\n")),
    (fromWorld, policy("default deny world -> host\n")),
    (fromWorld, policy("deny world -> host tcp 20-30\n")),
    (fromWorld, policy("default deny world -> host\nallow 10.98.0.0/24 -> host tcp 22\n")),
    (fromWorld, policy("", inside: "publish tcp 22 -> web")),
    (fromWorld, policy("", inside: "publish tcp 10.99.0.1:22 -> web")),
  ])
  func areRefused(_ connection: String, _ policy: String) throws {
    let host = try LiveHost()
    let opened = try host.bridgeward("apply", host.policy(Self.open))
    #expect(opened.status == 0, "\(opened.errors)")
    let before = try host.listing()
    let run = try apply(policy, over: connection, on: host)
    #expect(run.status == 3)
    #expect(run.errors.contains("cut your SSH connection from"), "\(run.errors)")
    #expect(try host.listing() == before)
    #expect(try host.bridgeward("history").output.split(separator: "\n").count == 1)
    let tried = try apply(policy, "--confirm 60", over: connection, on: host)
    #expect(tried.status == 0, "\(tried.errors)")
    #expect(try host.bridgeward("rollback").status == 0)
    #expect(try host.listing() == before)
    let forced = try apply(policy, "--force", over: connection, on: host)
    #expect(forced.status == 0, "\(forced.errors)")
  }

  /// What a member's packets to the host do not meet cannot cut its connection.
  @Test func membersMayChangeWhatDoesNotConcernThem() throws {
    let host = try LiveHost()
    let lines =
      "default deny world -> host\nallow world -> host tcp 22\n"
      + "default deny lab -> host\nallow lab -> host tcp 22\n"
    #expect(try host.bridgeward("apply", host.policy(Self.policy(lines))).status == 0)
    let narrower = Self.policy(lines + "deny lab -> world tcp 25\ndeny db -> web tcp 80\n")
    let run = try apply(narrower, over: Self.fromLab, on: host)
    #expect(run.status == 0 && run.output.hasSuffix("applied\n"), "\(run.errors)")
    let further = Self.policy(lines + "deny 10.20.0.11 -> host tcp 53\n")
    #expect(try apply(further, over: Self.fromLab, on: host).status == 3)
  }

  @Test func iptablesIsNoWayAround() throws {
    let host = try LiveHost()
    let policy = try host.policy(Self.policy("", inside: "publish tcp 22 -> web"))
    let line =
      "SSH_CONNECTION='\(Self.fromWorld)' IPTABLES=iptables-nft IP6TABLES=ip6tables-nft "
      + "\"$0\" apply --backend iptables --state-dir \"$1\" \(policy)"
    let run = try host.shell(line)
    #expect(run.status == 3 && run.errors.contains("cut your SSH connection"), "\(run.errors)")
    #expect(try !host.shell("iptables-nft-save").output.contains("BW-"))
    #expect(try host.shell(line + " --force").status == 0)
  }

  @Test(arguments: [
    (fromWorld, policy("", inside: "icc off\npublish tcp 8080 -> web:80")),
    (fromWorld, policy("", inside: "publish tcp 10.99.0.3:22 -> web")),
    (fromWorld, policy("deny 10.98.0.0/24 -> host tcp 22\n")),
    (fromWorld, policy("deny world -> host tcp 22 except 10.99.0.2\n")),
    (fromWorld, policy("default deny lab -> host\n")),
  ])
  func passWhereTheConnectionLasts(_ connection: String, _ policy: String) throws {
    let host = try LiveHost()
    let run = try apply(policy, over: connection, on: host)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try host.listing() != "")
  }
}
