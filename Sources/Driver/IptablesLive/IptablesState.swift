package import IptablesBackend
package import Netfilter
import NetworkTypes

/// Our chains in iptables, of both families.
package struct IptablesState: Hashable, Sendable {
  /// One for each family, IPv4 first.
  package let rulesets: [OwnRuleset]

  init(_ rulesets: [OwnRuleset]) { self.rulesets = rulesets }

  /// No chain at all.
  package static var none: IptablesState {
    IptablesState(AddressFamily.allCases.map { OwnRuleset($0) })
  }

  /// What is to be there for `ruleset`.
  ///
  /// - Requires: `verify(ruleset)` finds nothing.
  package init(of ruleset: Ruleset) {
    self.init(AddressFamily.allCases.map { legalize(ruleset, family: $0).own })
  }

  /// Whether there is nothing of ours.
  package var isEmpty: Bool { rulesets.allSatisfy(\.isEmpty) }

  /// Whether loading would change nothing.
  func settles(_ wanted: IptablesState) -> Bool {
    zip(rulesets, wanted.rulesets).allSatisfy { $0.tables == $1.tables }
  }
}
