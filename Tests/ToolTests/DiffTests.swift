import Foundation
import ScratchFiles
import Testing

/// `diff` as people call it.
@Suite struct DiffTests {
  private static let policy = """
    language 1
    network front {
      bridge br-front
      subnet 172.18.0.0/16
      masquerade
      container web 172.18.0.10
      publish tcp 198.51.100.1:8080 -> web:80
    }

    """

  private func files(_ change: (String) -> String) throws -> (Scratch, String, String) {
    let scratch = try Scratch()
    let old = try scratch.write("old.ward", Self.policy)
    let new = try scratch.write("new.ward", change(Self.policy))
    return (scratch, old, new)
  }

  @Test func samePoliciesAreSilent() throws {
    let (scratch, old, new) = try files { $0 }
    let run = try Tool.run("diff", old, new)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    // The file is another, the line is the same: that is told, and is no difference.
    #expect(run.output.hasSuffix("came from other lines; nothing else differs\n"))
    #expect(try Tool.run("diff", old, old).output.isEmpty)
    withExtendedLifetime(scratch) {}
  }

  @Test func differencesAreTold() throws {
    let (scratch, old, new) = try files { $0.replacing("web:80", with: "web:81") }
    let run = try Tool.run("diff", old, new)
    #expect(run.status == 1)
    #expect(
      run.output.hasPrefix(
        """
        --- \(old)
        +++ \(new)
        - publish tcp 198.51.100.1:8080 -> web 172.18.0.10:80  # \(old):7
        + publish tcp 198.51.100.1:8080 -> web 172.18.0.10:81  # \(new):7

        """))
    withExtendedLifetime(scratch) {}
  }

  @Test func colorsAreForTerminalsAndWhoAsksForThem() throws {
    let (scratch, old, new) = try files { $0.replacing("web:80", with: "web:81") }
    #expect(try !Tool.run("diff", old, new).output.contains("\u{1B}"))
    let run = try Tool.run("diff", "--color", "always", old, new)
    #expect(run.output.contains("\u{1B}[31m- publish tcp"))
    #expect(run.output.contains("\u{1B}[32m+ publish tcp"))
    withExtendedLifetime(scratch) {}
  }

  @Test func differencesAreData() throws {
    let (scratch, old, new) = try files { $0.replacing("web:80", with: "web:81") }
    let run = try Tool.run("diff", "--format", "json", old, new)
    #expect(run.status == 1)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["version"] as? Int == 1)
    #expect(object["same"] as? Bool == false)
    #expect((object["changes"] as? [[String: Any]])?.first?["action"] as? String == "changed")
    withExtendedLifetime(scratch) {}
  }

  @Test func wrongPoliciesAreShown() throws {
    let (scratch, old, new) = try files { $0.replacing("172.18.0.10", with: "172.18.0.300") }
    let run = try Tool.run("diff", old, new)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("error["))
    #expect(try Tool.run("diff", old, new, new).status == 2)
    #expect(try Tool.run("diff", old, "nowhere.ward").status == 2)
    withExtendedLifetime(scratch) {}
  }

  @Test func theKernelIsNotAskedWithoutTheRight() throws {
    let (scratch, old, _) = try files { $0 }
    // A new user namespace has no right over the network that it was made in.
    let run = try Tool.shell("unshare --user \"$0\" diff \"$1\"", old)
    #expect(run.status == 3)
    #expect(run.errors.contains("CAP_NET_ADMIN"))
    withExtendedLifetime(scratch) {}
  }
}

/// `diff` against a kernel whose rules are loaded, in a network namespace of its own.
@Suite struct LiveDiffTests {
  private func run(_ lines: String) throws -> Tool {
    let scratch = try Scratch()
    let policy = try scratch.write(
      "p.ward",
      """
      language 1
      network front {
        bridge br-front
        subnet 172.18.0.0/16
        masquerade
        container web 172.18.0.10
        publish tcp 198.51.100.1:8080 -> web:80
      }

      """)
    let setup = """
      echo 1 > /proc/sys/net/ipv4/ip_forward
      "$0" compile --target nft "$1" | nft -f - || exit 90
      \(lines)
      """
    return try Tool.shell(
      "exec unshare --net bash -c '\(setup)' \"$0\" \"$1\"", policy, in: scratch.path)
  }

  @Test func loadedByNftItIsTheSame() throws {
    let run = try run("\"$0\" diff \"$1\"")
    #expect(run.output.isEmpty && run.errors.isEmpty)
    #expect(run.status == 0)
  }

  @Test func whatSomebodyElseDidIsTold() throws {
    let run = try run(
      """
      nft add rule inet bridgeward forward tcp dport 22 accept
      nft add counter inet bridgeward visits
      "$0" diff "$1"
      """)
    #expect(run.status == 1)
    #expect(run.output.contains("! table inet: counter visits\n"))
    #expect(run.output.contains("! table inet, chain forward: tcp dport 22 accept\n"))
  }

  @Test func whatIsMissingIsTold() throws {
    let run = try run(
      """
      nft flush map inet bridgeward publish4
      "$0" diff "$1"
      """)
    #expect(run.status == 1)
    #expect(run.output.contains("+ publish tcp 198.51.100.1:8080 -> web 172.18.0.10:80"))
    #expect(!run.output.contains("cut"))
  }

  @Test func kernelSettingsAreTold() throws {
    let run = try run(
      """
      echo 0 > /proc/sys/net/ipv4/ip_forward
      "$0" diff "$1"
      """)
    #expect(run.status == 1)
    #expect(
      run.output.contains(
        "- net.ipv4.ip_forward = 0\n+ net.ipv4.ip_forward = 1  # the host routes IPv4\n"))
  }

  @Test func aTableOfSomebodyElseIsLeftAlone() throws {
    let run = try run(
      """
      nft delete table inet bridgeward
      nft add table inet bridgeward
      "$0" diff "$1"
      """)
    #expect(run.status == 3)
    #expect(run.errors.contains("was not made by bridgeward"))
    #expect(run.output.isEmpty)
  }
}
