/// All findings of one compilation as a SARIF 2.1.0 log (OASIS standard of 2020).
package struct SARIFReport: Hashable, Sendable, Encodable {
  private let schema = "https://json.schemastore.org/sarif-2.1.0.json"
  private let version = "2.1.0"
  private let runs: [Run]

  private enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }

  /// - Complexity: O(bytes of the sources + n log n).
  package init(_ log: DiagnosticLog, sources: SourceMap, toolVersion: String) {
    let locator = Locator(sources)
    let ids = DiagnosticID.allCases
    let tool = Run.Tool(
      driver: Run.Component(
        name: "bridgeward", version: toolVersion,
        rules: ids.map { Run.Rule($0) }))
    let indexes = Dictionary(uniqueKeysWithValues: zip(ids, 0...))
    let results = log.sorted.map { finding in
      SARIFResult(finding, ruleIndex: indexes[finding.id] ?? 0, locator)
    }
    runs = [Run(tool: tool, results: results)]
  }
}

/// SARIF 3.14, "run object".
private struct Run: Hashable, Sendable, Encodable {
  struct Tool: Hashable, Sendable, Encodable { let driver: Component }

  struct Component: Hashable, Sendable, Encodable {
    let name: String
    let version: String
    let rules: [Rule]
  }

  struct Rule: Hashable, Sendable, Encodable {
    struct Configuration: Hashable, Sendable, Encodable { let level: String }

    let id: String
    let shortDescription: SARIFMessage
    let defaultConfiguration: Configuration

    init(_ id: DiagnosticID) {
      self.id = id.rawValue
      shortDescription = SARIFMessage(text: Explanation(id).summary)
      defaultConfiguration = Configuration(level: id.severity.rawValue)
    }
  }

  let tool: Tool
  let columnKind = "unicodeCodePoints"
  let results: [SARIFResult]

  private enum CodingKeys: String, CodingKey { case tool, columnKind, results }
}
