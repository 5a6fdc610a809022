import Diagnostics
import Evaluation
import NetworkTypes
import PolicyModel

extension Compilation {
  /// What there is to say about `expect` lines on the rules of a backend; nothing where all hold.
  ///
  /// - Complexity: O(1) for a policy without such lines.
  func expectationFindings(
    _ backend: LiveBackend, _ families: [AddressFamily] = AddressFamily.allCases
  ) -> DiagnosticLog {
    var log = DiagnosticLog()
    guard let policy, !policy.expectations.isEmpty, let judge = judge(of: backend) else {
      return log
    }
    for outcome in judge.expectations(families, .either) {
      if outcome.judgment.isPartial { log.add(.partialExpectation(at: outcome.rule.span)) }
      switch outcome.status {
      case .passed: break
      case .vacuous:
        // That a flow has no packet of one family says nothing.
        if families.count > 1 { log.add(.vacuousExpectation(at: outcome.rule.span)) }
      case .failed: log.add(.failedExpectation(outcome, backend))
      case .undecided: log.add(.undecidedExpectation(outcome))
      }
    }
    return log
  }
}

extension Diagnostic {
  /// An expectation does not hold.
  fileprivate static func failedExpectation(
    _ outcome: ExpectationOutcome, _ backend: LiveBackend
  ) -> Diagnostic {
    let failures = outcome.failures
    let first = failures[0]
    let expected = outcome.rule.verb.rawValue
    var notes = [Note("what decides: \(first.decision.reason)", at: first.decision.span)]
    if let way = first.exchange?.opening {
      notes.append(Note("its way: \(WayWords(way))"))
    }
    if let answer = first.exchange?.answer, first.verdict == .denied,
      first.exchange?.outcome == .answerLost
    {
      notes.append(Note("the answer's way: \(WayWords(answer))"))
    }
    let packets = Set(failures.map(\.trial)).count
    if packets > 1 {
      notes.append(Note("the same goes wrong for \(packets - 1) more of its packets"))
    }
    return Diagnostic(
      .expectFailed, outcome.severity(on: backend),
      "expected \(expected), but IPv\(first.trial.family.rawValue) \(first.trial.words) is "
        + "\(first.verdict == .denied ? "denied" : "allowed")\(outcome.stateWords)",
      at: outcome.rule.span, notes: notes)
  }

  /// No packet is of the flow, once exceptions are cut out of it.
  fileprivate static func vacuousExpectation(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .expectVacuous,
      "no packet is of this flow, so the expectation holds whatever the policy says", at: span)
  }

  /// Of a flow's packets there are too many to try.
  fileprivate static func partialExpectation(at span: SourceSpan) -> Diagnostic {
    Diagnostic(.expectPartial, "the line \(Judgment.partialWords)", at: span)
  }

  /// Nobody can tell whether an expectation holds.
  fileprivate static func undecidedExpectation(_ outcome: ExpectationOutcome) -> Diagnostic {
    let first = outcome.undecided[0]
    return Diagnostic(
      .expectUndecided,
      "cannot tell whether this holds for IPv\(first.trial.family.rawValue) \(first.trial.words): "
        + first.decision.reason, at: outcome.rule.span)
  }
}

extension ExpectationOutcome {
  /// The state of the switch for bridged frames that all failures need; `nil` where some do not.
  private var neededState: Bool? {
    let states = Set(failures.flatMap(\.filtersBridged))
    return states.count == 1 ? states.first : nil
  }

  fileprivate var stateWords: String {
    switch neededState {
    case nil: ""
    case true?: " where bridged frames are handed to IP rules"
    case false?: " where bridged frames are not handed to IP rules"
    }
  }

  /// What iptables cannot do without the switch is a warning already, where it matters.
  fileprivate func severity(on backend: LiveBackend) -> Severity {
    switch backend {
    case .nft: .error
    case .iptables: neededState == false ? .warning : .error
    }
  }
}
