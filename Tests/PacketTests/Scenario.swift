import Foundation
import TestSupport

/// A policy, and what must become of probes under it.
struct Scenario: Sendable {
  let name: String
  let policy: CompiledPolicy
  let plan: TopologyPlan
  let expectations: [Expectation]
  let foreign: [ForeignRules]
  /// What the host kept before, with the same tool.
  let before: CompiledPolicy?
  /// What happens before a round.
  let pauses: [Int: Pause]
  /// Whether the host carries packets of multicast groups.
  let routesMulticast: Bool

  /// What `then` waits for beside the probes above it.
  enum Pause: Hashable, Sendable {
    /// All connections that were held are closed.
    case release
    case milliseconds(Int)
  }

  /// The directory of this file.
  static let testDirectory = URL(filePath: #filePath).deletingLastPathComponent().path()

  /// The policies to start from, which have their expectations here.
  private static let exampleDirectory = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Examples", directoryHint: .isDirectory).path()

  /// The file of an example.
  static func exampleFile(_ name: String) -> String { "\(exampleDirectory)/\(name).ward" }

  private static let examplePrefix = "Examples/"
  private static let conformancePrefix = "Conformance/"

  /// The names of all policies, sorted; those of examples begin with `Examples/`, those of peers'
  /// cases with `Conformance/`.
  static let names =
    files(in: "\(testDirectory)/Policies", withSuffix: ".ward")
    + files(in: exampleDirectory, withSuffix: ".ward").map { examplePrefix + $0 }
    + conformanceNames

  /// The names of the policies of peers' cases.
  static let conformanceNames =
    files(in: "\(testDirectory)/Conformance", withSuffix: ".ward").map { conformancePrefix + $0 }

  /// The names of all files of expectations, in the same order.
  static let expectationNames =
    files(in: "\(testDirectory)/Policies", withSuffix: ".probes")
    + files(in: "\(testDirectory)/Examples", withSuffix: ".probes").map { examplePrefix + $0 }
    + files(in: "\(testDirectory)/Conformance", withSuffix: ".probes")
    .map { conformancePrefix + $0 }

  private static func files(in directory: String, withSuffix suffix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
  }

  private static func isExample(_ name: String) -> Bool { name.hasPrefix(examplePrefix) }

  /// Reads a policy's expectations.
  ///
  /// A line is one of ``ExpectationParser``, `foreign RULES` for rules that were there before,
  /// `before NAME` for a policy in `Conformance/Before` that the host kept before, `case C1, …` for
  /// the peers' cases that the lines after it are about (`case` alone for none), `multicast` for a
  /// host that routes that, `then [release|wait MILLISECONDS]`, which makes what follows wait for
  /// what stands above, or one of ``PolicyPlan``:
  /// where there are such lines, and for all examples, the host is what the policy says.
  init(named name: String) throws {
    self.name = name
    let isExample = Self.isExample(name)
    let isInPlace = isExample || name.hasPrefix(Self.conformancePrefix)
    let directory = Self.testDirectory + (isInPlace ? "" : "Policies/")
    policy = try CompiledPolicy(
      file: isExample
        ? Self.exampleDirectory + name.dropFirst(Self.examplePrefix.count) + ".ward"
        : "\(directory)\(name).ward")
    let lines = try Self.lines(ofFile: "\(directory)\(name).probes")
    let hasPlan = isExample || lines.contains { PolicyPlan.keywords.contains($0.keyword) }
    plan = hasPlan ? try Self.plan(of: policy, lines) : .reference
    var expectations: [Expectation] = []
    var foreign: [ForeignRules] = []
    var pauses: [Int: Pause] = [:]
    var before: CompiledPolicy?
    var cases: [Int] = []
    var round = 0
    for line in lines {
      switch line.keyword {
      case "foreign": foreign.append(try Self.foreign(line))
      case "multicast": break
      case "before": before = try Self.before(line)
      case "case": cases = try Self.cases(line)
      case "then":
        round += 1
        pauses[round] = try Self.pause(line)
      case _ where PolicyPlan.keywords.contains(line.keyword): break
      default:
        var parsed = try ExpectationParser.parse(line.text, line: line.number, in: plan)
        for index in parsed.indices {
          parsed[index].round = round
          parsed[index].cases = cases
        }
        expectations += parsed
      }
    }
    self.expectations = expectations
    self.foreign = foreign
    self.before = before
    self.pauses = pauses
    routesMulticast = lines.contains { $0.text == "multicast" }
  }

  private static func pause(_ line: Line) throws -> Pause? {
    let words = line.text.split(separator: " ").dropFirst()
    if words.isEmpty { return nil }
    if words == ["release"] { return .release }
    guard words.first == "wait", words.count == 2, let time = words.last.flatMap({ Int($0) })
    else { throw ExpectationParser.ParseError(line: line.number, message: "then what?") }
    return .milliseconds(time)
  }

  /// A line that says something, without its comment.
  private struct Line {
    let number: Int
    let text: String

    var keyword: String { String(text.prefix { $0 != " " }) }

    /// What follows the keyword.
    var rest: String { text.dropFirst(keyword.count).trimmingCharacters(in: .whitespaces) }
  }

  private static func lines(ofFile path: String) throws -> [Line] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { index, line in
      let text = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
      return text.isEmpty ? nil : Line(number: index + 1, text: text)
    }
  }

  private static func plan(of policy: CompiledPolicy, _ lines: [Line]) throws -> TopologyPlan {
    var plan = PolicyPlan(of: policy.policy)
    for line in lines where PolicyPlan.keywords.contains(line.keyword) {
      try plan.read(line.text, line: line.number)
    }
    return plan.plan
  }

  private static func foreign(_ line: Line) throws -> ForeignRules {
    guard let rules = ForeignRules(rawValue: line.rest) else {
      throw ExpectationParser.ParseError(
        line: line.number, message: "no foreign rules \(line.rest)")
    }
    return rules
  }

  private static func before(_ line: Line) throws -> CompiledPolicy {
    try CompiledPolicy(file: "\(testDirectory)/Conformance/Before/\(line.rest).ward")
  }

  private static func cases(_ line: Line) throws -> [Int] {
    try line.rest.split(separator: ",").map { word in
      let name = word.trimmingCharacters(in: .whitespaces)
      guard let number = PeerCase.number(name) else {
        throw ExpectationParser.ParseError(line: line.number, message: "no case \(name)")
      }
      return number
    }
  }

  /// Every port that somebody listens on: those where a probe could arrive, but for those where
  /// it must find nobody. Answers to SCTP need no service.
  var ports: Set<UInt16> {
    var ports: Set<UInt16> = []
    var closed: Set<UInt16> = []
    for expectation in expectations where !expectation.probe.isSCTP {
      if let port = expectation.probe.kind.port { ports.insert(port) }
      switch expectation.outcome {
      case .reached(_, let port?, _): ports.insert(port)
      case .closed(_, let port?, _):
        closed.insert(port)
        if let port = expectation.probe.kind.port { closed.insert(port) }
      case .reached, .closed, .unanswered, .dropped, .rejected, .intact, .clamped, .anything: break
      }
    }
    return ports.subtracting(closed)
  }
}
