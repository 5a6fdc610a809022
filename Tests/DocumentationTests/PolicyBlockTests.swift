import Diagnostics
import Formatting
import Syntax
import Testing

/// The policies that the pages show compile, and the mistakes that they show are found.
///
/// A block that declares no network continues the policy of `Docs/Language/README.md`.
@Suite struct PolicyBlockTests {
  @Test(arguments: try CodeBlock.all().filter { $0.info == "ward" })
  func compiles(_ block: CodeBlock) throws {
    let findings = try DocumentCompiler().findings(in: block)
    let errors = findings.filter { $0.severity == .error }
    #expect(errors.isEmpty, "\(block.place): \(errors.map(\.message))")
  }

  @Test(arguments: try CodeBlock.all().filter { $0.info.hasPrefix("ward") })
  func isLaidOut(_ block: CodeBlock) {
    var sources = SourceMap()
    let file = sources.add(name: block.page, bytes: Array(block.text.utf8))
    var log = DiagnosticLog()
    #expect(format(parse(sources[file], log: &log)) == block.text, "\(block.place)")
  }

  @Test(arguments: try CodeBlock.all().filter { $0.info.hasPrefix("ward-error") })
  func isRefused(_ block: CodeBlock) throws {
    let match = block.info.wholeMatch(of: /ward-error \[([a-z0-9-]+)\]/)
    let id = try #require(match).output.1
    let findings = try DocumentCompiler().findings(in: block)
    let errors = findings.filter { $0.severity == .error }.map(\.id.rawValue)
    #expect(errors == [String(id)], "\(block.place)")
  }

  @Test func everyBlockOfPolicyIsMarked() throws {
    let kinds = Set(try CodeBlock.all().map(\.info))
    for kind in kinds {
      let known = kind == "ward" || kind.hasPrefix("ward-error [") || Self.others.contains(kind)
      #expect(known, "a block is marked `\(kind)`")
    }
  }

  /// What blocks hold that are no policies.
  private static let others: Set<String> = ["", "sh", "nft", "iptables", "text", "swift"]
}

extension CodeBlock: CustomTestStringConvertible {
  var testDescription: String { "\(place) \(info)" }
}
