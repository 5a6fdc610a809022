import Diagnostics
import Driver

/// Implied decisions as a table: under each subject one line a setting.
struct DecisionTable: CustomStringConvertible {
  let description: String

  init(_ decisions: [ImpliedDecision]) {
    let settings = decisions.map { $0.setting.count }.max() ?? 0
    let values = decisions.map { min($0.value.count, 28) }.max() ?? 0
    var text = ""
    var previous: ImpliedDecision?
    for decision in decisions {
      if decision.subject != previous?.subject || decision.location != previous?.location {
        text += (previous == nil ? "" : "\n") + Self.title(decision) + "\n"
      }
      let setting = Self.padded(decision.setting, to: settings)
      let value = Self.padded(decision.value, to: values)
      text += "  \(setting)  \(value)  \(decision.meaning)\n"
      previous = decision
    }
    description = text
  }

  private static func title(_ decision: ImpliedDecision) -> String {
    guard let location = decision.location else { return decision.subject }
    let place = "\(VisibleText.escaped(location.file)):\(location.start.line)"
    return "\(decision.subject) (\(place))"
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
