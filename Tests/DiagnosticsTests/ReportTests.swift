import Diagnostics
import Foundation
import Testing

struct ReportTests {
  private let fixture = Fixture("list ä { x }\nlist b { y }\n", name: "my policy.ward")

  private var log: DiagnosticLog {
    let span = fixture.span("x")
    return fixture.log(
      Diagnostic(
        .nameUnknown, "unknown `x`", at: span,
        notes: [Note("see", at: fixture.span("y")), Note("a remark")],
        fixIts: [FixIt("write y", edits: [TextEdit(span, replacement: "y")])]),
      Diagnostic(.textCrlf, "crlf", at: nil))
  }

  private func object(_ value: some Encodable) throws -> [String: Any] {
    let data = try JSONEncoder().encode(value)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func jsonCountsColumnsInScalarsAndOffsetsInBytes() throws {
    let report = try object(DiagnosticReport(log, sources: fixture.sources))
    #expect(report["version"] as? Int == 1)
    #expect(report["errors"] as? Int == 1)
    #expect(report["warnings"] as? Int == 0)
    #expect(report["notes"] as? Int == 1)
    let findings = try #require(report["findings"] as? [[String: Any]])
    #expect(findings.map { $0["id"] as? String } == ["name-unknown", "text-crlf"])
    let location = try #require(findings[0]["location"] as? [String: Any])
    #expect(location["file"] as? String == "my policy.ward")
    #expect(location["start"] as? [String: Int] == ["line": 1, "column": 10, "offset": 10])
    #expect(location["end"] as? [String: Int] == ["line": 1, "column": 11, "offset": 11])
    #expect(findings[1]["location"] == nil)
    let fixes = try #require(findings[0]["fixes"] as? [[String: Any]])
    let edits = try #require(fixes[0]["edits"] as? [[String: Any]])
    #expect(edits[0]["replacement"] as? String == "y")
    #expect((findings[0]["notes"] as? [[String: Any]])?.count == 2)
  }

  @Test func sarifHasWhatViewersNeed() throws {
    let sarif = try object(SARIFReport(log, sources: fixture.sources, toolVersion: "1.2.3"))
    #expect(sarif["version"] as? String == "2.1.0")
    let run = try #require((sarif["runs"] as? [[String: Any]])?.first)
    #expect(run["columnKind"] as? String == "unicodeCodePoints")
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    #expect(driver["version"] as? String == "1.2.3")
    let rules = try #require(driver["rules"] as? [[String: Any]])
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count == 2)
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
    }
    let location = try #require((results[0]["locations"] as? [[String: Any]])?.first)
    let physical = try #require(location["physicalLocation"] as? [String: Any])
    let artifact = try #require(physical["artifactLocation"] as? [String: Any])
    #expect(artifact["uri"] as? String == "my%20policy.ward")
    let region = try #require(physical["region"] as? [String: Int])
    #expect(region["startLine"] == 1)
    #expect(region["startColumn"] == 10)
    #expect(region["endColumn"] == 11)
    #expect((results[0]["message"] as? [String: String])?["text"] == "unknown `x`; a remark")
    #expect((results[0]["relatedLocations"] as? [Any])?.count == 1)
    #expect((results[1]["locations"] as? [Any])?.isEmpty == true)
  }
}
