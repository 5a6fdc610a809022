import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// `icc off` without any `allow` among the members, and an `allow` where all is open.
  func checkICC(_ log: inout DiagnosticLog) {
    var spoken = [Bool](repeating: false, count: policy.networks.count)
    for line in flows {
      guard let index = network(within: line.rule) else { continue }
      if line.kind != .expectation { spoken[index] = true }
    }
    for (index, network) in policy.networks.enumerated() {
      guard !network.icc.value, let span = network.icc.span, !spoken[index] else { continue }
      if network.guests.count > 1, network.attachment.isSeenByHost {
        log.add(.silentNetwork(network, at: span))
      }
    }
    checkUselessAllows(&log)
  }

  private func checkUselessAllows(_ log: inout DiagnosticLog) {
    // A default for the members takes the place of the open network, and then `allow` counts.
    var defaulted = Set<Int>()
    for line in flows where line.kind == .default {
      guard let touched = touched(by: line.rule) else { return }
      defaulted.formUnion(touched)
    }
    for line in flows where line.kind == .access && line.rule.verb == .allow {
      // A line that logs says something all the same.
      guard line.rule.clauses.log == nil, let index = network(within: line.rule),
        policy.networks[index].icc.value,
        !defaulted.contains(index), policy.networks[index].attachment.isSeenByHost,
        line.rule.sources != line.rule.destinations || isNetwork(line.rule.sources)
      else { continue }
      log.add(
        .uselessAllow(
          policy.networks[index].name, at: line.rule.span, files.removal(of: line.rule.span))
      )
    }
  }

  private func isNetwork(_ peers: [Peer]) -> Bool {
    guard peers.count == 1, case .network = peers[0] else { return false }
    return true
  }

  /// The networks among whose members a line may reach flows; `nil` for all.
  private func touched(by rule: AccessRule) -> Set<Int>? {
    guard let sources = members(rule.sources) else { return members(rule.destinations) }
    guard let destinations = members(rule.destinations) else { return sources }
    return sources.intersection(destinations)
  }

  private func members(_ peers: [Peer]) -> Set<Int>? {
    var result = Set<Int>()
    for peer in peers {
      switch peer {
      case .network(let index), .guest(let index, _): result.insert(index)
      case .host, .world: break
      case .addresses, .any: return nil
      }
    }
    return result
  }

  /// The network that all peers of a line are members of.
  private func network(within rule: AccessRule) -> Int? {
    var found: Int?
    for peer in rule.sources + rule.destinations {
      switch peer {
      case .network(let index), .guest(let index, _):
        if let found, found != index { return nil }
        found = index
      case .addresses, .host, .world, .any: return nil
      }
    }
    return found
  }
}
