import Diagnostics
import NetworkTypes
import PolicyModel
import Syntax

extension DecisionCollector {
  /// What a publish leaves open.
  mutating func addPublish(_ publish: Publish) {
    guard let statement = written.publish(at: publish.span) else { return }
    let target = name(network: publish.network, guest: publish.guest)
    let subject = "publish \(publish.transport) \(publish.hostPorts) -> \(target)"
    let span = publish.span
    if publish.hostAddress == nil {
      let families = publish.families.map { $0 == .ipv4 ? "0.0.0.0" : "::" }
      add(
        "host address", families.joined(separator: ", "), "every address of the host",
        of: subject, at: span)
    }
    if statement.targetPort == nil {
      add(
        "inside port", "\(publish.targetPorts)", "the same as outside", of: subject, at: span)
    }
    if statement.hostPorts.contains(where: \.isAutomatic) {
      add("port", "\(publish.hostPorts)", "follows from the line's content", of: subject, at: span)
    }
    let saysFrom = statement.clauses.contains { if case .from = $0 { true } else { false } }
    if !saysFrom, publish.hostAddress?.isLoopback != true {
      add("from", "any", "anybody may use it", of: subject, at: span)
    }
    addClauses(statement.clauses, of: subject, at: span)
  }

  /// What an `allow`, `deny` or `reject` leaves open.
  mutating func addAccess(_ rule: AccessRule) {
    guard let statement = written.access(at: rule.span) else { return }
    let subject = "\(rule.verb.rawValue) line"
    if rule.services.isEmpty {
      add("match", "everything", "every protocol and port", of: subject, at: rule.span)
    }
    addClauses(statement.flow.clauses, of: subject, at: rule.span)
  }

  private mutating func addClauses(
    _ clauses: [ClauseSyntax], of subject: String, at span: SourceSpan
  ) {
    for clause in clauses {
      switch clause {
      case .limit(let limit) where limit.burst == nil:
        add("burst", "5", "so many may come at once", of: subject, at: span)
      case .log(let prefix, _) where prefix == nil:
        add(
          "log prefix", "bridgeward: ", "marks the line in the kernel's log", of: subject, at: span)
      case .from, .except, .via, .limit, .connections, .log: break
      }
    }
  }
}
