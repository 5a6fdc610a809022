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
  /// The packet passes by the host: neighbors on a link beyond it, guests that share its card.
  case passesBy = "no frame of it meets the host"

  init?(_ expectation: Expectation) {
    let sender = expectation.probe.sender
    let receiver: Station? =
      switch expectation.outcome {
      case .reached(let station, _, _), .closed(let station, _, _): station
      case .dropped(let station): station
      case .rejected, .intact, .clamped, .anything: nil
      }
    let sharesCard = { (station: Station) in !station.isSeenByHost && !station.isHost }
    if sharesCard(sender) || receiver.map(sharesCard) == true {
      self = .passesBy
      return
    }
    return nil
  }
}
