package import HeaderSpace
import KernelForm
import Netfilter
import NetworkTypes

extension Installation {
  /// The kernel's rules, on the host of a policy; `nil` where that has errors.
  ///
  /// Networks that no rule names are not there for them.
  package init?(live: LiveRules, on compilation: Compilation) {
    guard let policy = compilation.policy else { return nil }
    let rules = KernelForm.ruleset(of: live.kernel).ruleset
    self.init(ruleset: rules, policy: policy)
    let known = rules.networkInterfaces
    site.networks.removeAll { !known.contains($0.interface) }
  }
}

extension LiveRules {
  /// How many objects in our tables nobody here has words for: somebody else put them there.
  package var unreadObjects: Int { KernelForm.ruleset(of: kernel).leftovers.count }
}

extension Ruleset {
  /// The interfaces that rules of the `inet` table name as networks': what comes in by them is
  /// judged.
  fileprivate var networkInterfaces: Set<InterfaceName> {
    guard let table = table(.inet) else { return [] }
    var result: Set<InterfaceName> = []
    for set in table.sets {
      if case .interfaces(let names) = set.content { result.formUnion(names) }
    }
    for map in table.verdictMaps where map.fields == [.inputInterface] {
      for element in map.elements {
        if case .interface(let name) = element.key[0] { result.insert(name) }
      }
    }
    for rule in table.chains.flatMap(\.rules) {
      for case .inputInterface(.equals(let name)) in rule.matches { result.insert(name) }
    }
    return result
  }
}
