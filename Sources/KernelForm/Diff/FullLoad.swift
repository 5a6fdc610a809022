import Netfilter

extension Plan {
  /// The steps that make the kernel hold `ruleset` and nothing else of ours, whatever it holds.
  ///
  /// Every table is declared and deleted first, which works whether or not it stands.
  /// - Parameter name: of all our tables, those included that the ruleset does not have.
  package static func full(_ ruleset: KernelRuleset, name: String) -> Plan {
    let removal = TableFamily.allCases.flatMap { family -> [Operation] in
      [.addTable(KernelTable(family: family, name: name)), .deleteTable(family, name: name)]
    }
    return Plan(removal + plan(from: KernelRuleset(), to: ruleset).operations)
  }
}
