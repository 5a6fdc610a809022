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

  /// A policy of many publishes, before and after a change of each kind.
  private func changed(among count: Int) -> (old: String, new: String) {
    let rest = (0..<count).map {
      """
        container c\($0) 172.18.\(1 + $0 / 200).\(1 + $0 % 200)
        publish tcp/udp \(20000 + $0) -> c\($0):80 from 198.51.100.\($0 % 200)
        publish tcp \(9000 + $0) -> c\($0):81

      """
    }.joined()
    let office = (0..<70).map { "198.18.0.\(2 * $0)" }.joined(separator: ", ")
    let lines = """
        container db 172.18.0.11
        publish udp 53 -> db:53
        publish tcp 5432 -> db from 203.0.113.0/24
        publish tcp 5433 -> db from 203.0.113.0/24, 198.18.7.0/24 limit 5/minute
        publish tcp 5434 -> db from office
        publish tcp 30000-38000 -> db from 203.0.113.8
        publish tcp 198.51.100.1:8081 -> web:80
        container web
      """
    let old = Self.policy.replacing("}\n", with: rest + "}\n")
      .replacing("  container web", with: lines)
      .replacing("network", with: "list office { \(office), 203.0.113.4 }\nnetwork")
    let changes = [
      "1:8081": "1:8082", "db:53\n": "db:54\n",
      "db from 203.0.113.0/24\n": "db from 203.0.113.0/25\n",
      "5/minute": "6/minute", "203.0.113.4 }": "203.0.113.5 }", "203.0.113.8": "203.0.113.9",
    ]
    return (old, changes.reduce(old) { $0.replacing($1.key, with: $1.value) })
  }

  /// Large sets are compared without what no change is about: the same is told as among few.
  @Test func theSameIsToldAmongMany() throws {
    let scratch = try Scratch()
    func told(among count: Int) throws -> [Substring] {
      let (old, new) = changed(among: count)
      let run = try Tool.run(
        "diff", try scratch.write("old.ward", old), try scratch.write("new.ward", new))
      #expect(run.status == 1, "\(run.errors)")
      return run.output.split(separator: "\n").filter { !$0.contains(" came from other lines") }
    }
    let few = try told(among: 3)
    for port in [53, 5432, 5433, 5434, 8081, 8082] {
      #expect(few.contains { $0.contains(":\(port) -> ") }, "\(port)")
    }
    #expect(few.contains { $0.contains("30000-38000") })
    for count in [40, 100, 600] { #expect(try told(among: count) == few, "\(count)") }
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
