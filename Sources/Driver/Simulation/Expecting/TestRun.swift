package import Diagnostics
import NetworkTypes
import PolicyModel

/// All `expect` lines of a policy, judged on the rules of each backend for each family, with
/// bridged frames handed to IP rules and not: what `test` tells.
///
/// Fields are only ever added within one `version`.
package struct TestRun: Hashable, Sendable, Encodable {
  /// The lines on one kind of host.
  package struct Suite: Hashable, Sendable, Encodable {
    package let backend: String
    package let family: String
    /// The state of `bridge-nf-call-iptables` or its twin.
    package let bridgeNetfilter: Bool
    package let cases: [Case]

    /// `nft, IPv4, bridge-nf-call 0`
    package var name: String {
      "\(backend), \(family == "ipv4" ? "IPv4" : "IPv6"), bridge-nf-call "
        + (bridgeNetfilter ? "1" : "0")
    }
  }

  /// One line.
  package struct Case: Hashable, Sendable, Encodable {
    /// The line as written, on one line.
    package let line: String
    package let location: Location
    /// `passed`, `failed` or `undecided`.
    package let status: String
    /// How many packets were tried.
    package let packets: Int
    /// What went otherwise, or could not be told; `nil` where all is well.
    package let problem: Problem?
    /// What else the reader has to know: that not all packets were tried; `nil` for nothing.
    package let remark: String?
  }

  /// The first packet that fares otherwise.
  package struct Problem: Hashable, Sendable, Encodable {
    package let what: String
    package let reason: String
    package let decidedAt: Location?
    package let path: [String]
  }

  package let version = 1
  /// How many lines there are.
  package let expectations: Int
  package let passed: Int
  package let failed: Int
  package let undecided: Int
  package let suites: [Suite]

  private enum CodingKeys: String, CodingKey {
    case version, expectations, passed, failed, undecided, suites
  }

  /// - Parameters:
  ///   - backends: Those whose rules are asked.
  ///   - states: Those of the switch for bridged frames.
  /// - Returns: `nil` where the policy has errors.
  package init?(_ result: Compilation, backends: [LiveBackend], states: [Bool]) {
    guard let policy = result.policy else { return nil }
    let locator = Locator(result.sources)
    var suites: [Suite] = []
    for backend in backends {
      guard let judge = result.judge(of: backend) else { return nil }
      for family in AddressFamily.allCases {
        for state in states {
          let outcomes = judge.expectations([family], state ? .filtered : .passed)
          suites.append(
            Suite(
              backend: backend.rawValue, family: family == .ipv4 ? "ipv4" : "ipv6",
              bridgeNetfilter: state,
              cases: outcomes.filter { $0.status != .vacuous }.map {
                Case($0, result.sources, locator)
              }))
        }
      }
    }
    self.init(suites, expectations: policy.expectations.count)
  }

  private init(_ suites: [Suite], expectations: Int) {
    self.suites = suites
    self.expectations = expectations
    let cases = suites.flatMap(\.cases)
    passed = cases.count { $0.status == "passed" }
    failed = cases.count { $0.status == "failed" }
    undecided = cases.count { $0.status == "undecided" }
  }
}

extension TestRun.Case {
  fileprivate init(_ outcome: ExpectationOutcome, _ sources: SourceMap, _ locator: Locator) {
    let span = outcome.rule.span
    line = sources[span.file].text(span).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    location = locator.location(of: span)
    status = outcome.status.rawValue
    packets = outcome.judgment.results.count
    let result = outcome.failures.first ?? outcome.undecided.first
    problem = result.map { TestRun.Problem($0, locator) }
    remark = outcome.judgment.isPartial ? "the line " + Judgment.partialWords : nil
  }
}

extension TestRun.Problem {
  fileprivate init(_ result: TrialResult, _ locator: Locator) {
    what = "\(result.trial.words): \(result.word)"
    reason = result.decision.reason
    decidedAt = result.decision.span.map(locator.location)
    path = result.ways.map { "\($0): \(WayWords($1))" }
  }
}
