import Diagnostics
import Netfilter
import NetworkTypes

/// The name of every table that belongs to this program.
package let tableName = "bridgeward"

/// The comment by which this program knows its tables.
package let ownershipComment = "managed by bridgeward"

/// Collects the objects of one table: feature chains first, base chains last.
struct TableBuilder {
  private var table: Table
  private var baseChains: [Chain] = []
  private var addressSetNames: [AddressSetKey: String] = [:]
  private var interfaceSetNames: [[InterfaceName]: String] = [:]
  /// The set of the networks' own interfaces, once there is one.
  private var networks: String?
  private var serial = 0

  private struct AddressSetKey: Hashable {
    let ranges: [AddressRange]
  }

  init(_ family: TableFamily) {
    table = Table(family: family, name: tableName, comment: ownershipComment)
  }

  /// The table; `nil` where nothing hooks into the network stack.
  func sealed() -> Table? {
    guard !baseChains.isEmpty else { return nil }
    var result = table
    result.chains += baseChains
    return result
  }

  mutating func addChain(_ name: String, _ rules: [Rule]) {
    table.chains.append(Chain(name, rules: rules))
  }

  /// Adds a base chain, but not an empty one.
  mutating func addBase(_ name: String, _ base: BaseChain, _ rules: [Rule]) {
    guard !rules.isEmpty else { return }
    baseChains.append(Chain(name, .base(base), rules: rules))
  }

  mutating func add(_ set: NamedSet) { table.sets.append(set) }
  mutating func add(_ map: VerdictMap) { table.verdictMaps.append(map) }
  mutating func add(_ map: AddressMap) { table.addressMaps.append(map) }

  /// A name that no other object of this table has.
  mutating func uniqueName(_ stem: String) -> String {
    serial += 1
    return "\(stem)-\(serial)"
  }

  /// The condition that an address is one of `ranges`: alone if it is one, else as a set that
  /// equal lists share.
  mutating func addressMatch(_ ranges: [AddressRange], negated: Bool = false) -> AddressMatch {
    if ranges.count == 1 { return AddressMatch(.range(ranges[0]), negated: negated) }
    let family = ranges[0].family
    let key = AddressSetKey(ranges: ranges)
    if let name = addressSetNames[key] {
      return AddressMatch(.set(name, family), negated: negated)
    }
    let name = uniqueName(family == .ipv4 ? "addresses4" : "addresses6")
    addressSetNames[key] = name
    table.sets.append(NamedSet(name, .addresses(family, ranges)))
    return AddressMatch(.set(name, family), negated: negated)
  }

  /// The condition that an interface is one of `interfaces`; sorted and not empty.
  mutating func interfaceMatch(
    _ interfaces: [InterfaceName], name stem: String, negated: Bool = false
  ) -> InterfaceMatch {
    if interfaces.count == 1 {
      return negated ? .differs(interfaces[0]) : .equals(interfaces[0])
    }
    let name = interfaceSetNames[interfaces] ?? stem
    if interfaceSetNames.updateValue(name, forKey: interfaces) == nil {
      table.sets.append(NamedSet(name, .interfaces(interfaces)))
    }
    return negated ? .isNotIn(name) : .isIn(name)
  }
}

extension TableBuilder {
  /// Declares the interfaces of the networks first, so that they lead the table's listing.
  mutating func addInterfaces(_ context: LoweringContext) {
    guard context.ownInterfaces.count > 1 else { return }
    _ = networks(context, negated: false)
  }

  private mutating func networks(
    _ context: LoweringContext, negated: Bool
  ) -> InterfaceMatch? {
    if let networks { return negated ? .isNotIn(networks) : .isIn(networks) }
    let own = context.ownInterfaces
    guard !own.isEmpty else { return nil }
    let match = interfaceMatch(own, name: "networks", negated: negated)
    networks = interfaceSetNames[own]
    return match
  }

  /// The condition that an interface is none of those that networks have or share.
  mutating func noNetwork(_ context: LoweringContext) -> InterfaceMatch {
    interfaceMatch(context.seenInterfaces, name: "bridged", negated: true)
  }

  /// The packet came in by a network's own interface, or (`negated`) by none.
  mutating func fromNetworks(_ context: LoweringContext, negated: Bool = false) -> Match? {
    networks(context, negated: negated).map(Match.inputInterface)
  }

  /// The packet goes out by a network's own interface, or (`negated`) by none.
  mutating func toNetworks(_ context: LoweringContext, negated: Bool = false) -> Match? {
    networks(context, negated: negated).map(Match.outputInterface)
  }
}
