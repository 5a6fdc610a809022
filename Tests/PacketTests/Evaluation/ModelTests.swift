import Evaluation
import TestSupport
import Testing

/// The model says of every probe what the kernel was seen to do with it.
struct ModelTests {
  /// Every scenario in every form, with bridged frames handed to IP rules and not.
  @Test(arguments: ModelCell.all) func modelAgreesWithTheKernel(_ cell: ModelCell) throws {
    let scenario = try Scenario(named: cell.scenario)
    var trial = try ModelTrial(scenario, cell.form, filtersBridged: cell.filtersBridged)
    let kernelCell = Cell(
      scenario: cell.scenario, tool: cell.form.tool, filtersBridged: cell.filtersBridged)
    let failures = try trial.failures(of: scenario.expectations) { expectation in
      !kernelCell.provides(expectation.need) || LeftOut(expectation) != nil
    }
    for failure in failures { Issue.record("\(cell): \(failure)") }
  }
}

extension ModelTests {
  /// A host without rules of ours does not do what the policies say.
  @Test(arguments: Scenario.names) func modelNoticesMissingRules(_ name: String) throws {
    let scenario = try Scenario(named: name)
    var trial = try ModelTrial(scenario, Program(tables: []), filtersBridged: false)
    let cell = Cell(scenario: name, tool: .nft, filtersBridged: false)
    let failures = try trial.failures(of: scenario.expectations) { expectation in
      !cell.provides(expectation.need) || LeftOut(expectation) != nil
    }
    // The host sees nothing of guests that share its card.
    let isSeen = !["Examples/ipvlan", "Examples/macvlan"].contains(name)
    #expect(failures.isEmpty != isSeen)
  }

  /// Beside these, only what `dnsmasq` and its clients say to each other is not tried here: the model
  /// knows no time in which they could.
  @Test func littleIsLeftOut() throws {
    var counts: [String: Int] = [:]
    var tried = 0
    for name in Scenario.names {
      for expectation in try Scenario(named: name).expectations {
        guard let reason = LeftOut(expectation) else {
          tried += 1
          continue
        }
        counts["\(name): \(reason.rawValue)", default: 0] += 1
      }
    }
    #expect(tried > 4000)
    #expect(
      counts == [
        "Examples/host-bridge: \(LeftOut.beyond.rawValue)": 1,
        "Examples/ipvlan: \(LeftOut.sharesCard.rawValue)": 11,
        "Examples/macvlan: \(LeftOut.sharesCard.rawValue)": 12,
      ])
  }
}

/// A scenario in one form, on a host that hands bridged frames to the IP rules or does not.
struct ModelCell: Sendable, CustomStringConvertible {
  let scenario: String
  let form: ModelForm
  let filtersBridged: Bool

  static let all = Scenario.names.flatMap { scenario in
    ModelForm.allCases.flatMap { form in
      [false, true].map { ModelCell(scenario: scenario, form: form, filtersBridged: $0) }
    }
  }

  var description: String {
    "\(scenario), \(form.rawValue), bridge-nf-call \(filtersBridged ? 1 : 0)"
  }
}

/// Why a probe is not the model's to judge.
enum LeftOut: String, CaseIterable {
  /// Guests that share the host's card.
  case sharesCard = "guests that share the host's card: no frame of theirs meets the host"
  /// Neighbors on a link beyond the host's card.
  case beyond = "neighbors on a switch beyond the host's card"

  init?(_ expectation: Expectation) {
    let probe = expectation.probe
    let ends = [probe.sender, expectation.outcome.station].compactMap(\.self)
    if ends.contains(where: { !$0.isSeenByHost && !$0.isHost }) {
      self = .sharesCard
    } else if ends.count == 2, ends.allSatisfy({ $0.access == .outside }),
      !probe.isForManyReceivers
    {
      self = .beyond
    } else {
      return nil
    }
  }
}

extension Expectation.Outcome {
  /// Who is spoken of.
  fileprivate var station: Station? {
    switch self {
    case .reached(let station, _, _), .closed(let station, _, _), .unanswered(let station, _, _):
      station
    case .dropped(let station): station
    case .rejected, .intact, .clamped, .anything: nil
    }
  }
}
