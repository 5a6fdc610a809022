import Foundation
import TestSupport

/// A policy, and what must become of probes under it.
struct Scenario: Sendable {
  let name: String
  /// The file with the policy.
  let policy: String
  let expectations: [Expectation]
  let foreign: [ForeignRules]

  /// Rules on the host that are not ours.
  enum ForeignRules: String, CaseIterable, Sendable {
    /// A firewall of somebody else's that forwards nothing.
    case forwardDrop = "forward-drop"

    var program: FirewallProgram {
      switch self {
      case .forwardDrop:
        .nft(
          """
          table inet foreign {
            chain forward { type filter hook forward priority 10; policy drop; }
          }
          """)
      }
    }
  }

  /// Where policies and their expectations lie.
  static let directory = "\(testDirectory)/Policies"

  /// The directory of this file.
  static let testDirectory = URL(filePath: #filePath).deletingLastPathComponent().path()

  /// The names of all policies, sorted.
  static let names = files(withSuffix: ".ward")

  /// The names of all files of expectations, sorted.
  static let expectationNames = files(withSuffix: ".probes")

  private static func files(withSuffix suffix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
  }

  /// Reads a policy's expectations.
  ///
  /// A line is one of ``ExpectationParser``, `foreign RULES` for rules that were there before, or
  /// `then`, which makes what follows wait for what stands above.
  init(named name: String) throws {
    self.name = name
    policy = "\(Self.directory)/\(name).ward"
    let text = try String(contentsOfFile: "\(Self.directory)/\(name).probes", encoding: .utf8)
    var expectations: [Expectation] = []
    var foreign: [ForeignRules] = []
    var round = 0
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let content = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
      if content.isEmpty { continue }
      if content.hasPrefix("foreign ") {
        foreign.append(try Self.foreign(String(content.dropFirst(8)), line: index + 1))
      } else if content == "then" {
        round += 1
      } else {
        var parsed = try ExpectationParser.parse(content, line: index + 1)
        for index in parsed.indices { parsed[index].round = round }
        expectations += parsed
      }
    }
    self.expectations = expectations
    self.foreign = foreign
  }

  private static func foreign(_ name: String, line: Int) throws -> ForeignRules {
    guard let rules = ForeignRules(rawValue: name) else {
      throw ExpectationParser.ParseError(line: line, message: "no foreign rules \(name)")
    }
    return rules
  }

  /// Every port that somebody listens on: those where a probe could arrive, but for those where
  /// it must find nobody.
  var ports: Set<UInt16> {
    var ports: Set<UInt16> = []
    var closed: Set<UInt16> = []
    for expectation in expectations {
      if let port = expectation.probe.kind.port { ports.insert(port) }
      switch expectation.outcome {
      case .reached(_, let port?, _): ports.insert(port)
      case .closed(_, let port?, _):
        closed.insert(port)
        if let port = expectation.probe.kind.port { closed.insert(port) }
      case .reached, .closed, .dropped, .rejected, .intact, .anything: break
      }
    }
    return ports.subtracting(closed)
  }
}
