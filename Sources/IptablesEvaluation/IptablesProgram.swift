package import Evaluation
package import IptablesBackend
import Netfilter
package import NetworkTypes

/// What packets meet on a host where the chains of `legalized` were restored and hooked.
package func program(of legalized: Legalized) -> Program {
  Program(tables: TableName.allCases.compactMap { Program.Table($0, of: legalized) })
}

/// The same for the chains of both families.
package func program(of legalized: [Legalized]) -> Program {
  Program(tables: legalized.flatMap { program(of: $0).tables })
}

extension Program.Table {
  /// `nil` where the table has nothing of ours.
  fileprivate init?(_ name: TableName, of legalized: Legalized) {
    guard let table = legalized.tables.first(where: { $0.name == name }) else { return nil }
    var chains = table.chains.map { chain in
      Program.Chain(
        chain.name, .program(chain.rules.map { Program.Rule($0, legalized.family) }))
    }
    for builtin in BuiltinChain.allCases {
      let calls = legalized.hooks.filter { $0.table == name && $0.builtin == builtin }
      guard !calls.isEmpty else { continue }
      chains.append(
        Program.Chain(
          builtin.rawValue, base: builtin.base(in: name),
          .program(
            calls.map { Program.Rule([], [.action(.verdict(.jump($0.chain)))]) })))
    }
    self.init(.packets([legalized.family]), name.rawValue, chains: chains)
  }
}

extension BuiltinChain {
  /// When packets meet the chain (linux/netfilter_ipv4.h, `enum nf_ip_hook_priorities`).
  fileprivate func base(in table: TableName) -> BaseChain {
    switch table {
    case .raw: BaseChain(.filter, hook, priority: HookPriority.raw)
    case .mangle: BaseChain(.filter, hook, priority: HookPriority.mangle)
    case .filter: BaseChain(.filter, hook, priority: HookPriority.filter)
    case .nat:
      BaseChain(
        .nat, hook,
        priority: translatesDestinations
          ? HookPriority.destinationNAT : HookPriority.sourceNAT)
    }
  }

  private var translatesDestinations: Bool {
    switch self {
    case .prerouting, .output: true
    case .input, .forward, .postrouting: false
    }
  }

  private var hook: Hook {
    switch self {
    case .prerouting: .prerouting
    case .input: .input
    case .forward: .forward
    case .output: .output
    case .postrouting: .postrouting
    }
  }
}

extension Program.Rule {
  /// What packets of `family` find of a rule.
  package init(_ rule: IptablesRule, _ family: AddressFamily) {
    self.init(
      rule.matches.map { $0.condition(family) }, rule.target.effects, origin: rule.origin,
      comment: rule.comment)
  }
}

extension IptablesMatch {
  fileprivate func condition(_ family: AddressFamily) -> Program.Condition {
    switch self {
    case .inputInterface(let name, let negated):
      .match(.inputInterface(negated ? .differs(name) : .equals(name)))
    case .outputInterface(let name, let negated):
      .match(.outputInterface(negated ? .differs(name) : .equals(name)))
    case .source(let range, let negated):
      .match(.source(AddressMatch(.range(range), negated: negated)))
    case .destination(let range, let negated):
      .match(.destination(AddressMatch(.range(range), negated: negated)))
    case .sourceIsLocal(let isLocal): .match(.sourceIsLocal(isLocal))
    case .destinationIsLocal(let isLocal): .match(.destinationIsLocal(isLocal))
    case .transport(let transport): .match(.transport(transport))
    case .sourcePorts(let ports): .match(.sourcePort(ports))
    case .destinationPorts(let ports): .match(.destinationPort(ports))
    case .icmp(let type, let code): .match(.icmp(family, type: type, code: code))
    case .connectionState(let states): .match(.connectionState(Set(states)))
    case .destinationTranslated(let isTranslated): .match(.destinationTranslated(isTranslated))
    case .originalDirection: .match(.originalDirection)
    case .mark(let mark): .match(.mark(mark))
    case .limit(let count, let unit, let burst):
      .match(.limit(Limit(count: count, unit: unit, burst: burst, perSourceMeter: nil)))
    case .hashLimit(let count, let unit, let burst, let perSource, let name):
      .match(
        .limit(
          Limit(count: count, unit: unit, burst: burst, perSourceMeter: perSource ? name : nil)))
    case .connectionsOver(let count, let perSource):
      .match(.connectionsOver(count: count, perSource: perSource, meter: ""))
    case .sourceMAC(let address, let negated): .match(.sourceMAC(address, negated: negated))
    case .connectionAttempt(let isAttempt): .match(.connectionAttempt(isAttempt))
    case .handshake: .handshake
    }
  }
}

extension IptablesTarget {
  fileprivate var effects: [Program.Effect] {
    switch self {
    case .none: []
    case .accept: [.action(.verdict(.accept))]
    case .drop: [.action(.verdict(.drop))]
    case .return: [.action(.verdict(.return))]
    case .jump(let chain): [.action(.verdict(.jump(chain)))]
    case .goto(let chain): [.action(.verdict(.goto(chain)))]
    case .log(let prefix): [.action(.log(prefix: prefix))]
    case .setMark(let mark): [.action(.setMark(mark))]
    case .reject(let rejection): [.action(.reject(rejection))]
    case .destination(let address, nil): [.action(.destinationNAT(.address(address)))]
    case .destination(let address, let shifted?):
      shifted.ports.count == 1
        ? [.port(address, shifted.ports.lower)]
        : [.destination(address, ports: shifted.ports, base: shifted.base)]
    case .source(let translation): [.action(.sourceNAT(translation))]
    case .masquerade(let ports, let order): [.action(.masquerade(ports: ports, order))]
    case .clampMSS(let size): [.action(.clampMSS(size))]
    case .fillChecksum: [.action(.fixChecksum)]
    }
  }
}
