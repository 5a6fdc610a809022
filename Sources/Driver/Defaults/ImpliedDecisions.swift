package import Diagnostics
package import PolicyModel
package import Syntax

/// Every decision that `policy` leaves to the language, by place: the policy's own first.
///
/// - Parameter trees: The files that `policy` was made from.
/// - Complexity: linear in the policy, but for sorting (n log n).
package func impliedDecisions(
  of policy: Policy, trees: [SyntaxTree], sources: SourceMap
) -> [ImpliedDecision] {
  var collector = DecisionCollector(
    policy: policy, written: WrittenStatements(trees), locator: Locator(sources))
  collector.addPolicy()
  for network in policy.networks { collector.addNetwork(network) }
  for publish in policy.publishes { collector.addPublish(publish) }
  for rule in policy.access { collector.addAccess(rule) }
  return collector.sorted
}

/// Gathers decisions together with the places they belong to.
struct DecisionCollector {
  let policy: Policy
  let written: WrittenStatements
  private let locator: Locator
  private var entries: [(span: SourceSpan?, decision: ImpliedDecision)] = []

  init(policy: Policy, written: WrittenStatements, locator: Locator) {
    self.policy = policy
    self.written = written
    self.locator = locator
  }

  mutating func add(
    _ setting: String, _ value: String, _ meaning: String, of subject: String,
    at span: SourceSpan? = nil
  ) {
    let decision = ImpliedDecision(
      subject: subject, setting: setting, value: value, meaning: meaning,
      location: span.map(locator.location))
    entries.append((span, decision))
  }

  /// The decisions by place; those of one place in the order they were added.
  var sorted: [ImpliedDecision] {
    let start = SourceSpan(file: 0, start: 0, end: 0)
    return entries.indices
      .sorted { (entries[$0].span ?? start, $0) < (entries[$1].span ?? start, $1) }
      .map { entries[$0].decision }
  }

  /// The name of a container with its network's: `front.web`.
  func name(network: Int, guest: Int) -> String {
    let network = policy.networks[network]
    return "\(network.name.value).\(network.guests[guest].name.value)"
  }
}
