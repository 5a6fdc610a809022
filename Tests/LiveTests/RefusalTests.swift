import Foundation
import TestSupport
import Testing

/// What `apply` refuses, and that nothing is changed then.
@Suite struct RefusalTests {
  @Test func brokenPolicy() throws {
    let host = try LiveHost()
    #expect(try host.bridgeward("apply", try host.policy(SamplePolicy.small)).status == 0)
    let before = try host.listing()
    let run = try host.bridgeward("apply", try host.policy(SamplePolicy.broken))
    #expect(run.status == 2)
    #expect(try host.listing() == before)
  }

  /// Counting connections between ports takes CONFIG_NF_CONNTRACK_BRIDGE.
  @Test func whatTheKernelCannotKeep() throws {
    let host = try LiveHost()
    let probe = try host.shell(
      #"printf 'table bridge x {\nchain c {\nct count over 3 drop\n}\n}\n' | nft -c -f -"#)
    let policy = try host.policy(
      """
      language 1
      network front {
        bridge br0
        subnet 10.0.0.0/24
        masquerade
        icc off
        container web 10.0.0.2
        container db 10.0.0.3
        allow web -> db tcp 80 connections 9
      }
      """)
    let run = try host.bridgeward("apply", policy)
    if probe.status == 0 {
      #expect(run.status == 0)
    } else {
      #expect(run.status == 2)
      #expect(run.errors.contains("error[enforce-bridge]"))
      #expect(try host.listing() == "")
    }
  }

  @Test func policyThatOthersCanWrite() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: policy)
    let run = try host.bridgeward("apply", policy)
    #expect(run.status == 2)
    #expect(run.errors.contains("chmod go-w"))
    #expect(try host.listing() == "")
  }

  @Test func tableOfSomebodyElse() throws {
    let host = try LiveHost()
    try host.nft("add table inet bridgeward { chain mine { }; }")
    let before = try host.listing()
    let run = try host.bridgeward("apply", try host.policy(SamplePolicy.small))
    #expect(run.status == 3)
    #expect(run.errors.contains("was not made by bridgeward"))
    #expect(try host.bridgeward("remove").status == 3)
    #expect(try host.listing() == before)
  }

  @Test func missingRights() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    let run = try host.shell(
      "setpriv --bounding-set -net_admin --inh-caps -net_admin "
        + "\"$0\" apply --state-dir \"$1\" \(policy)")
    #expect(run.status == 3)
    #expect(run.errors.contains("CAP_NET_ADMIN"), "\(run.errors)")
    #expect(try host.listing() == "")
  }

  @Test func secondChangeAtTheSameTime() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    let run = try host.shell(
      "flock \"$RUNTIME_DIRECTORY/lock\" \"$0\" apply --state-dir \"$1\" \(policy)")
    #expect(run.status == 3)
    #expect(run.errors.contains("changing the rules"), "\(run.errors)")
    #expect(try host.listing() == "")
  }

  @Test(arguments: ["mount -t tmpfs -o size=8k none \"$1\"", "mount -t tmpfs -o ro none \"$1\""])
  func noRoomForTheState(_ mount: String) throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    let run = try host.shell(
      "unshare --mount bash -c '\(mount) && \"$0\" apply --state-dir \"$1\" \(policy)' \"$0\" \"$1\""
    )
    #expect(run.status == 3, "\(run.errors)")
    #expect(try host.listing() == "")
    #expect(try host.setting("net.ipv4.ip_forward") == "0")
  }

  /// At boot a disk that cannot be written is no reason to leave the host open.
  @Test func bootsWithoutAWritableDisk() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    let run = try host.shell(
      "unshare --mount bash -c 'mount -t tmpfs -o ro none \"$1\" && "
        + "\"$0\" apply --boot --state-dir \"$1\" \(policy)' \"$0\" \"$1\"")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("not kept"))
    #expect(try host.bridgeward("diff", policy).status == 0)
  }
}
