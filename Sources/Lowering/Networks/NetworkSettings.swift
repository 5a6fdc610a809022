import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// The chains of each network: `within-…` between its members, `from-…` for what leaves it, `to-…`
/// for what enters it.
struct NetworkSettings {
  let context: LoweringContext
  /// Whether `default` lines come between what settings say and what is implied.
  let hasDefaults: Bool
  let opened: OpenedPorts

  init(_ context: LoweringContext, hasDefaults: Bool) {
    self.context = context
    self.hasDefaults = hasDefaults
    opened = OpenedPorts(context)
  }

  func lower(into table: inout TableBuilder) {
    opened.lower(into: &table)
    var from: [VerdictMap.Element] = []
    var to: [VerdictMap.Element] = []
    for index in context.ownNetworks {
      let name = context.names[index]
      let key: ElementKey = [.interface(context.interface(index))]
      let origin = context.origin(context.network(index).name.span)
      let inner = withinRules(index)
      if inner.count > 1 { table.addChain("within-\(name)", inner) }
      table.addChain("from-\(name)", fromRules(index, into: &table))
      table.addChain("to-\(name)", toRules(index, into: &table))
      from.append(VerdictMap.Element(key, .jump("from-\(name)"), origin: origin))
      to.append(VerdictMap.Element(key, .jump("to-\(name)"), origin: origin))
    }
    guard !from.isEmpty else { return }
    table.add(VerdictMap("from-network", [.inputInterface], elements: from))
    table.add(VerdictMap("to-network", [.outputInterface], elements: to))
  }

  private var defaults: [Rule] {
    hasDefaults ? [context.rule([], .jump("forward-defaults"))] : []
  }

  /// Language rows 2, 3 and 13.
  private func withinRules(_ index: Int) -> [Rule] {
    let icc = context.network(index).icc
    if icc.value {
      let accept = context.rule([], .accept, "icc on", at: icc.span)
      return icc.span == nil ? defaults + [accept] : [accept]
    }
    var rules: [Rule] = []
    if context.hasTranslatedPublish { rules.append(published) }
    rules += opened.rules(index)
    return rules + defaults + [context.rule([], context.denial, "icc off", at: icc.span)]
  }

  /// `icc off` on bridges with ports onto a LAN: only the guests are strangers to each other.
  ///
  /// Frames between them come here where bridged frames are handed to IP rules.
  func strangersOnLAN(into table: inout TableBuilder) -> [Rule] {
    var result: [Rule] = []
    for index in context.seenNetworks {
      let network = context.network(index)
      guard network.isOnLAN, !network.icc.value else { continue }
      let chain = "within-\(context.names[index])"
      table.addChain(chain, withinRules(index))
      let own = InterfaceMatch.equals(context.interface(index))
      for family in AddressFamily.allCases {
        let guests = network.guestRanges(family)
        guard !guests.isEmpty else { continue }
        let match = table.addressMatch(guests)
        result.append(
          context.rule(
            [.inputInterface(own), .outputInterface(own), .source(match), .destination(match)],
            .goto(chain)))
      }
    }
    return result
  }

  private var published: Rule {
    context.rule([.destinationTranslated(true)], .accept, "published")
  }

  /// Language rows 4 to 7, as far as the source decides.
  private func fromRules(_ index: Int, into table: inout TableBuilder) -> [Rule] {
    let network = context.network(index)
    var rules = [within(index)]
    if network.isInternal {
      return rules + defaults + [context.rule([], context.denial, "internal", at: seal(network))]
    }
    if let toNetworks = table.toNetworks(context), context.ownNetworks.count > 1 {
      if context.isSealed(index) {
        rules += sealedRules(index, towards: toNetworks)
      } else {
        rules += openRules(index, into: &table)
        rules.append(context.rule([toNetworks], .return, "for the destination to judge"))
      }
    }
    return rules + defaults + [context.rule([], .accept, "to the world")]
  }

  /// What stays in the network: a chain of its own where more than one rule decides.
  private func within(_ index: Int) -> Rule {
    let own = Match.outputInterface(.equals(context.interface(index)))
    let rules = withinRules(index)
    guard rules.count == 1 else {
      return context.rule([own], .goto("within-\(context.names[index])"))
    }
    return Rule(
      [own] + rules[0].matches, rules[0].actions, origin: rules[0].origin,
      comment: rules[0].comment)
  }

  private func sealedRules(_ index: Int, towards others: Match) -> [Rule] {
    let denial = context.rule(
      [others], context.denial, "isolation strict", at: seal(context.network(index)))
    return hasDefaults ? [context.rule([others], .jump("forward-defaults")), denial] : [denial]
  }

  private func openRules(_ index: Int, into table: inout TableBuilder) -> [Rule] {
    let isolation = context.network(index).isolation
    guard isolation.value == .off else { return [] }
    let others = context.ownNetworks.filter {
      $0 != index && context.network($0).isolation.value == .off && !context.isSealed($0)
    }
    guard !others.isEmpty else { return [] }
    let match = table.interfaceMatch(
      others.map(context.interface).sorted(), name: "open-to-\(context.names[index])")
    return [context.rule([.outputInterface(match)], .accept, "isolation off", at: isolation.span)]
  }

  /// Language rows 4, 5, 8, 9 and 10, as far as the destination decides.
  private func toRules(_ index: Int, into table: inout TableBuilder) -> [Rule] {
    let network = context.network(index)
    if network.isInternal {
      return defaults + [context.rule([], context.denial, "internal", at: seal(network))]
    }
    var rules: [Rule] = []
    if context.isSealed(index), let fromNetworks = table.fromNetworks(context),
      context.ownNetworks.count > 1
    {
      rules += sealedRules(index, towards: fromNetworks)
    }
    if context.hasTranslatedPublish(into: index) { rules.append(published) }
    rules += opened.rules(index)
    rules += routedControlRules(index, into: &table)
    rules += directAccessRules(index, into: &table)
    return rules + defaults + [context.rule([], context.denial, "nothing allows it")]
  }

  private func seal(_ network: Network) -> SourceSpan? {
    network.internalSpan ?? network.isolation.span
  }

  /// Errors and echo requests reach a network whose addresses the world knows (row 10).
  private func routedControlRules(_ index: Int, into table: inout TableBuilder) -> [Rule] {
    let network = context.network(index)
    var rules: [Rule] = []
    for family in network.families where !network.isTranslated(family) {
      for type in controlTypes(family) {
        let world = [table.fromNetworks(context, negated: true)].compactMap { $0 }
        rules.append(
          context.rule(world + [.icmp(family, type: type, code: nil)], .accept, "routed"))
      }
    }
    return rules
  }

  /// Destination unreachable, time exceeded, parameter problem and echo request (RFC 792); the
  /// same and packet too big for IPv6 (RFC 4443).
  private func controlTypes(_ family: AddressFamily) -> [UInt8] {
    switch family {
    case .ipv4: [3, 8, 11, 12]
    case .ipv6: [1, 2, 3, 4, 128]
    }
  }

  private func directAccessRules(_ index: Int, into table: inout TableBuilder) -> [Rule] {
    let network = context.network(index)
    guard network.directAccess.value else { return [] }
    let world = [table.fromNetworks(context, negated: true)].compactMap { $0 }
    let sources = network.directAccessSources
    guard !sources.isEmpty else {
      return [context.rule(world, .accept, "direct access", at: network.directAccess.span)]
    }
    var rules: [Rule] = []
    for family in AddressFamily.allCases {
      for endpoint in context.endpoints(sources, family) {
        guard let matches = table.sourceMatches(endpoint, in: .forward, context) else { continue }
        let rule = context.rule(matches, .accept, "direct access", at: network.directAccess.span)
        if !rules.contains(rule) { rules.append(rule) }
      }
    }
    return rules
  }
}
