import Netfilter
import NetworkTypes

/// Reads what a policy has words for out of one table.
struct TableReader {
  let table: Table
  let chains: [String: Chain]
  let sets: [String: NamedSet.Content]
  private(set) var names: PeerNames
  /// The networks by the stems of their chains' names.
  private(set) var interfaces: [String: InterfaceName] = [:]

  init(_ table: Table, names: PeerNames) {
    self.table = table
    self.names = names
    chains = Dictionary(table.chains.map { ($0.name, $0) }) { first, _ in first }
    sets = Dictionary(table.sets.map { ($0.name, $0.content) }) { first, _ in first }
    for element in networkElements {
      guard case .interface(let interface)? = element.key.first,
        case .jump(let chain) = element.verdict
      else { continue }
      let stem = String(chain.dropFirst("from-".count))
      interfaces[stem] = interface
      self.names.add(stem, of: interface)
    }
  }

  /// The elements that lead from each network's interface to its chain.
  var networkElements: [VerdictMap.Element] {
    table.verdictMaps.first { $0.name == "from-network" }?.elements ?? []
  }

  /// What the policy calls the network whose chains have `stem` in their names.
  func network(_ stem: some StringProtocol) -> String {
    interfaces[String(stem)].map(names.words) ?? String(stem)
  }

  /// The addresses that an operand stands for.
  func ranges(_ operand: AddressMatch.Operand) -> [AddressRange] {
    switch operand {
    case .range(let range): [range]
    case .set(let name, _):
      if case .addresses(_, let ranges)? = sets[name] { ranges } else { [] }
    }
  }

  /// The interfaces of a set.
  func interfaces(in set: String) -> [InterfaceName] {
    if case .interfaces(let names)? = sets[set] { names } else { [] }
  }
}
