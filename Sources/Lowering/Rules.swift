import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// ICMPv6 types: neighbor solicitation and advertisement (RFC 4861).
let neighborMessages: [UInt8] = [135, 136]

extension LoweringContext {
  /// A rule that ends in `verdict`. Drops and whatever a line asked for are counted.
  func rule(
    _ matches: [Match] = [], _ verdict: Verdict, _ why: String? = nil, at span: SourceSpan? = nil
  ) -> Rule {
    let isCounted = span != nil || verdict == .drop || verdict == denial
    let actions: [Action] = isCounted ? [.counter, .verdict(verdict)] : [.verdict(verdict)]
    return Rule(matches, actions, origin: origin(span), comment: why)
  }

  /// What becomes of a packet that is refused: dropped, and logged first where `log denied` is on.
  var denial: Verdict { policy.deniedLog == nil ? .drop : .goto("denied") }

  /// Language row 1.
  var replies: Rule {
    rule([.connectionState([.established, .related])], .accept, "replies")
  }

  /// Replies pass, and packets that fit no connection do not: language rows 1 and 19.
  var connectionRules: [Rule] {
    [replies, rule([.connectionState([.invalid])], .drop, "invalid state")]
  }

  /// Neighbor discovery, without which no IPv6 flow works.
  var neighborDiscovery: [Rule] {
    neighborMessages.map {
      rule([.icmp(.ipv6, type: $0, code: nil)], .accept, "neighbor discovery")
    }
  }
}

/// `log denied`: the chains through which refused packets leave.
///
/// - Parameter canReject: whether the table answers packets that a line rejects.
func lowerDeniedLog(
  _ context: LoweringContext, canReject: Bool, into table: inout TableBuilder
) {
  guard let setting = context.policy.deniedLog else { return }
  let origin = context.origin(setting.span)
  var matches: [[Match]] = [[]]
  if let limit = setting.limit { matches = limitMatches(limit, name: "denied", into: &table) }
  let logs = matches.map { Rule($0, [.log(prefix: "bridgeward denied: ")], origin: origin) }
  table.addChain("denied", logs + [Rule([], [.counter, .verdict(.drop)])])
  guard canReject,
    (context.policy.access + context.policy.defaults).contains(where: { $0.verb == .reject })
  else { return }
  table.addChain("rejected", logs + [Rule([], [.counter, .reject(.prohibited)])])
}
