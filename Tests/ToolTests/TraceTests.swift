import Foundation
import ScratchFiles
import Testing

/// `trace` as people call it.
@Suite struct TraceTests {
  private static let policy = """
    language 1
    network front {
      bridge br-front
      subnet 172.18.0.0/16
      masquerade
      container web 172.18.0.10
      publish tcp 80 -> web from any
    }
    network back {
      bridge br-back
      subnet 172.19.0.0/16
      masquerade
      container db 172.19.0.20
    }
    allow web -> db tcp 5432

    """

  private func trace(_ arguments: String...) throws -> Tool {
    let scratch = try Scratch()
    _ = try scratch.write("policy.ward", Self.policy)
    let line = "\"$0\" trace " + arguments.joined(separator: " ")
    return try Tool.shell(line, in: scratch.path)
  }

  @Test func whatIsAllowedEndsWell() throws {
    let run = try trace("policy.ward 'web -> db tcp 5432'")
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(
      run.output == """
        allowed: web -> db tcp 5432

        IPv4  front.web 172.18.0.10 -> back.db 172.19.0.20, tcp 5432: allowed
          back.db 172.19.0.20 port 5432 sees front.web 172.18.0.10
          because: this line
          --> policy.ward:15:1
           |
        15 | allow web -> db tcp 5432
           | ------------------------

        """)
  }

  @Test func theFlowMayBeOneWordOrMany() throws {
    #expect(try trace("policy.ward web '->' db tcp 5432").status == 0)
    #expect(try trace("policy.ward 'web ->' 'db tcp 5432' --format json").status == 0)
  }

  @Test func whatIsDeniedEndsWithOneAndALine() throws {
    let run = try trace("policy.ward 'web -> db tcp 22'")
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("denied: web -> db tcp 22\n"))
    #expect(
      run.output.hasSuffix(
        """
        help: this line would allow it (tried):
          + allow web -> db tcp 22
          after policy.ward:15

        """))
  }

  @Test(arguments: ["nft", "iptables"])
  func theAnswerIsData(_ backend: String) throws {
    let run = try trace(
      "--backend \(backend) --path --format json policy.ward 'world -> host tcp 80'")
    #expect(run.status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["version"] as? Int == 1)
    #expect(object["verdict"] as? String == "allowed")
    #expect(object["backend"] as? String == backend)
    let first = try #require((object["cases"] as? [[String: Any]])?.first)
    #expect((first["arrival"] as? [String: Any])?["address"] as? String == "172.18.0.10")
    let path = try #require(first["path"] as? [[String: Any]])
    let tables = Set(
      path.flatMap { ($0["steps"] as? [[String: Any]]) ?? [] }.compactMap { $0["table"] as? String }
    )
    #expect(tables == (backend == "nft" ? ["bridgeward"] : ["raw", "mangle", "nat", "filter"]))
  }

  @Test func oneFamilyAndOneKindOfHostMayBeAskedFor() throws {
    let run = try trace(
      "--family ipv6 --bridge-netfilter on policy.ward 'world -> host tcp 80'")
    #expect(run.output.contains("IPv6  world"))
    #expect(!run.output.contains("IPv4"))
    #expect(try trace("--family ipv6 policy.ward 'web -> db tcp 80'").status == 1)
  }

  /// An unquoted arrow is a redirection: `>` is never seen, and what is left is a dash.
  @Test func anUnquotedArrowIsExplained() throws {
    let run = try trace("policy.ward web -> db tcp 5432")
    #expect(run.status == 2)
    #expect(run.errors.contains("the shell took `>` for itself"))
  }

  @Test func wrongUsageIsExplained() throws {
    for (line, words) in [
      ("", "<policy-and-flow>"), ("policy.ward", "name the flow after the policy"),
      ("'web -> db'", "name the policy before the flow"),
      ("--bogus policy.ward 'web -> db'", "there is no option --bogus"),
      ("nowhere.ward 'web -> db'", "cannot read nowhere.ward"),
      ("policy.ward 'web db'", "expected `->`, found `db`"),
      ("policy.ward 'wbe -> db'", "did you mean `web`?"),
      ("policy.ward 'web -> db tpc 80'", "did you mean `tcp`?"),
      ("policy.ward 'db -> fd00::1'", "no address family in common"),
    ] {
      let run = try trace(line)
      #expect(run.status == 2, "\(line)")
      #expect(run.errors.contains(words), "\(line): \(run.errors)")
      #expect(run.output.isEmpty, "\(line)")
    }
  }

  @Test func colorsAreForTerminalsAndWhoAsksForThem() throws {
    #expect(try !trace("policy.ward 'web -> db'").output.contains("\u{1B}"))
    let run = try trace("--color always policy.ward 'web -> db tcp 5432'")
    #expect(run.output.hasPrefix("\u{1B}[1;32mallowed\u{1B}[0m"))
  }

  // MARK: `test` and `expect`

  private func run(_ command: String, expecting lines: String) throws -> Tool {
    let scratch = try Scratch()
    _ = try scratch.write("policy.ward", Self.policy + lines + "\n")
    return try Tool.shell("\"$0\" \(command)", in: scratch.path)
  }

  @Test func whatHoldsPasses() throws {
    let line = "expect allow web -> db tcp 5432"
    let run = try run("test policy.ward", expecting: line)
    #expect(run.status == 0)
    #expect(
      run.output == """
        nft, IPv4, bridge-nf-call 0       1 passed
        nft, IPv4, bridge-nf-call 1       1 passed
        nft, IPv6, bridge-nf-call 0       nothing to try
        nft, IPv6, bridge-nf-call 1       nothing to try
        iptables, IPv4, bridge-nf-call 0  1 passed
        iptables, IPv4, bridge-nf-call 1  1 passed
        iptables, IPv6, bridge-nf-call 0  nothing to try
        iptables, IPv6, bridge-nf-call 1  nothing to try
        1 expectation, 4 times judged: 4 passed

        """)
    #expect(try self.run("test .", expecting: line).status == 0)
    #expect(try self.run("check policy.ward", expecting: line).status == 0)
    #expect(try self.run("compile --target nft policy.ward", expecting: line).status == 0)
  }

  @Test func whatDoesNotHoldStopsEverything() throws {
    let line = "expect deny web -> db tcp 5432"
    let test = try run("test --backend nft --bridge-netfilter off policy.ward", expecting: line)
    #expect(test.status == 1)
    #expect(test.output.contains("because: this line (policy.ward:15)"))
    let check = try run("check policy.ward", expecting: line)
    #expect(check.status == 2)
    #expect(check.output.contains("error[expect-failed]"))
    let compile = try run("compile --target nft -o out policy.ward", expecting: line)
    #expect(compile.status == 2)
    #expect(compile.output.isEmpty)
    for target in ["iptables", "nft"] {
      let output = try run("compile --target \(target) policy.ward; echo $?", expecting: line)
      #expect(output.output == "2\n")
    }
  }

  @Test func aRunIsData() throws {
    let line = "expect deny web -> db tcp 5432"
    let json = try run("test --format json policy.ward", expecting: line)
    #expect(json.status == 1)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object["failed"] as? Int == 4)
    let junit = try run("test --format junit policy.ward", expecting: line)
    #expect(junit.status == 1)
    #expect(junit.output.contains("failures=\"4\""))
  }

  @Test func nothingToTestIsSaid() throws {
    let run = try run("test policy.ward", expecting: "")
    #expect(run.status == 0)
    #expect(run.errors.contains("no `expect` line"))
    #expect(try self.run("test policy.ward", expecting: "expect").status == 2)
  }
}
