import Netfilter
import NetworkTypes

extension Evaluator {
  /// Whether a condition on an interface holds.
  func holds(_ match: InterfaceMatch, _ face: Face, _ place: RulePlace) -> Truth {
    switch match {
    case .equals(let name): face.isEqual(to: name)
    case .differs(let name): !face.isEqual(to: name)
    case .isIn(let set): isIn(set, face, place)
    case .isNotIn(let set): !isIn(set, face, place)
    }
  }

  private func isIn(_ set: String, _ face: Face, _ place: RulePlace) -> Truth {
    guard let index = hooks.set(set, in: place.table) else { return .unknown(.object(set)) }
    switch (program.tables[place.table].sets[index].content, face) {
    case (_, .absent): return .no
    case (.interfaces(let names), .interface(let name)): return Truth(names.contains(name))
    case (.interfaces(let names), .unknown(let missing)):
      return names.isEmpty ? .no : .unknown(missing)
    case (.learnedInterfaces, .interface(let name)):
      let entry = Memory.SetEntry(table: place.table, set: set, value: name)
      return Truth(memory.interfaces[entry].map { $0 > memory.now } ?? false)
    case (.learnedInterfaces, .unknown(let missing)): return .unknown(missing)
    case (.addresses, _), (.flows, _), (.meter, _): return .unknown(.object(set))
    }
  }

  /// Whether an interface is a port of the bridge.
  func bridgeIs(_ bridge: InterfaceName, _ face: Face) -> Truth {
    switch face {
    case .interface(let name): Truth(topology.interface(name)?.bridge == bridge)
    case .absent: .no
    case .unknown(.port(let own, _)): Truth(own == bridge)
    case .unknown(let missing): .unknown(missing)
    }
  }
}

extension Face {
  func isEqual(to name: InterfaceName) -> Truth {
    switch self {
    case .interface(let own): Truth(own == name)
    case .absent: .no
    case .unknown(let missing): .unknown(missing)
    }
  }
}
