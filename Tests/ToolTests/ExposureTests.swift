import Foundation
import ScratchFiles
import Testing

/// `exposure`, `diff --flows` and `check --against --no-wider` as people call them.
@Suite struct ExposureTests {
  private static let policy = """
    language 1
    uplink eth0
    network front {
      bridge br-front
      subnet 172.18.0.0/16
      masquerade
      container web 172.18.0.10
      container api 172.18.0.11
      publish tcp 80 -> web from any
    }

    """

  private func files(_ change: (String) -> String) throws -> (Scratch, String, String) {
    let scratch = try Scratch()
    let old = try scratch.write("old.ward", Self.policy)
    let new = try scratch.write("new.ward", change(Self.policy))
    return (scratch, old, new)
  }

  @Test func tablesSayWhoReachesWhat() throws {
    let run = try Tool.run("exposure", "-", input: Self.policy)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(
      run.output.hasPrefix(
        """
        Published on the host
          FROM                TO    SERVICE  LEADS TO      IP  BY
          world, host, front  host  tcp 80   front.web:80  4   <stdin>:9
        """))
  }

  @Test func dataHasEveryRow() throws {
    let run = try Tool.run("exposure", "--format", "json", "-", input: Self.policy)
    #expect(run.status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["version"] as? Int == 1)
    let flows = try #require(object["flows"] as? [[String: Any]])
    let published = flows.filter { $0["place"] as? String == "published" }
    #expect(published.count == 1)
    #expect(published.first?["from"] as? [String] == ["world", "host", "front"])
    #expect(published.first?["target"] as? String == "front.web:80")
  }

  /// Names cannot leave their place in the page, and the page needs nothing else.
  @Test func pagesAreSelfContainedAndInert() throws {
    let scratch = try Scratch()
    let hostile = try scratch.write("<script>'\"&.ward", Self.policy)
    let run = try Tool.run("exposure", "--format", "html", hostile)
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("<!DOCTYPE html>"))
    #expect(run.output.contains("<svg"))
    #expect(!run.output.contains("<script"))
    #expect(run.output.contains("&lt;script&gt;&#39;&quot;&amp;.ward"))
    for reference in ["http:", "https:", "src=", "@import", "<link"] {
      #expect(!run.output.contains(reference), "\(reference)")
    }
    withExtendedLifetime(scratch) {}
  }

  @Test func errorsAreMistakes() throws {
    let run = try Tool.run("exposure", "-", input: "language 1\nallow nobody -> host\n")
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("nobody"))
  }

  @Test func sameFlowsAreSilent() throws {
    let (scratch, old, new) = try files {
      $0.replacing("publish tcp 80", with: "# as before\n  publish tcp 80")
    }
    let run = try Tool.run("diff", "--flows", old, new)
    #expect(run.status == 0)
    #expect(run.output.isEmpty && run.errors.isEmpty)
    withExtendedLifetime(scratch) {}
  }

  @Test func changedFlowsAreTold() throws {
    let (scratch, old, new) = try files { $0.replacing("-> web", with: "-> api:81") }
    let run = try Tool.run("diff", "--flows", old, new)
    #expect(run.status == 1)
    #expect(
      run.output == """
        --- \(old)
        +++ \(new)
        ! world, host, front -> host tcp 80 (ipv4): to front.web:80 -> to front.api:81  # \(new):9

        """)
    let data = try Tool.run("diff", "--flows", "--format", "json", old, new)
    #expect(data.status == 1)
    #expect(data.output.contains("\"same\" : false"))
    withExtendedLifetime(scratch) {}
  }

  @Test func flowsGoWithNothingElse() throws {
    #expect(try Tool.run("diff", "--flows", "--rules", "a", "b").status == 2)
    #expect(try Tool.run("diff", "--flows", "--backend", "iptables", "a").status == 2)
  }

  @Test func widerIsAFinding() throws {
    let (scratch, old, new) = try files {
      $0.replacing("publish tcp 80 -> web", with: "publish tcp 80, 81 -> web")
    }
    let wider = try Tool.run("check", "--against", old, "--no-wider", new)
    #expect(wider.status == 1)
    #expect(wider.output.contains("Newly reachable from outside:"))
    #expect(wider.output.contains("tcp 81"))
    let narrower = try Tool.run("check", "--against", new, "--no-wider", old)
    #expect(!narrower.output.contains("Newly reachable"))
    withExtendedLifetime(scratch) {}
  }

  @Test func insideIsNotOutside() throws {
    let quiet = "language 1\nuplink eth0\n"
    let scratch = try Scratch()
    let old = try scratch.write("old.ward", quiet + "default deny world -> host\n")
    let new = try scratch.write(
      "new.ward", quiet + "default deny world -> host\ndeny host -> 203.0.113.9\n")
    let narrower = try Tool.run("check", "--against", old, "--no-wider", new)
    #expect(narrower.status == 0)
    let open = try scratch.write("open.ward", quiet)
    let wider = try Tool.run("check", "--against", old, "--no-wider", open)
    #expect(wider.status == 1)
    withExtendedLifetime(scratch) {}
  }

  /// The rows are those of `diff --flows --format json`, beside the findings.
  @Test func widerIsData() throws {
    let (scratch, old, new) = try files {
      $0.replacing("publish tcp 80 -> web", with: "publish tcp 80, 81 -> web")
    }
    func check(_ old: String, _ new: String) throws -> (Int32, [String: Any]) {
      let run = try Tool.run("check", "--against", old, "--no-wider", "--format", "json", new)
      let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
      return (run.status, try #require(object as? [String: Any]))
    }
    let (status, object) = try check(old, new)
    #expect(status == 1)
    #expect(object["findings"] is [Any])
    let wider = try #require(object["wider"] as? [String: Any])
    #expect(wider["same"] as? Bool == false)
    let diff = try Tool.run("diff", "--flows", "--format", "json", old, new)
    let flows = try #require(
      try JSONSerialization.jsonObject(with: Data(diff.output.utf8)) as? [String: Any])
    #expect(wider.keys.sorted() == flows.keys.sorted())
    let row = try #require((wider["changed"] as? [[String: Any]])?.first)
    let other = try #require((flows["changed"] as? [[String: Any]])?.first)
    #expect(row.keys.sorted() == other.keys.sorted())
    let (mine, theirs) = (row["after"] as? [String: Any], other["after"] as? [String: Any])
    #expect(mine?.keys.sorted() == theirs?.keys.sorted())
    #expect(mine?["from"] as? [String] == ["world"])
    #expect(mine?["services"] as? [String] == ["tcp 81"])
    #expect(mine?["target"] as? String == "front.web:81")
    let (narrower, none) = try check(old, old)
    #expect(narrower == 0)
    #expect((none["wider"] as? [String: Any])?["same"] as? Bool == true)
    let plain = try Tool.run("check", "--format", "json", new)
    #expect(!plain.output.contains("\"wider\""))
    let sarif = try Tool.run("check", "--against", old, "--no-wider", "--format", "sarif", new)
    #expect(sarif.status == 2 && sarif.errors.contains("SARIF"))
    withExtendedLifetime(scratch) {}
  }

  @Test func bothOptionsAreNeeded() throws {
    #expect(try Tool.run("check", "--no-wider", "-", input: Self.policy).status == 2)
    #expect(try Tool.run("check", "--against", "x.ward", "-", input: Self.policy).status == 2)
  }
}
