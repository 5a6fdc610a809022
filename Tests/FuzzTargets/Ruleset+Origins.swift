import Netfilter

extension Ruleset {
  /// The ruleset as if no line had asked for it.
  var withoutOrigins: Ruleset { Ruleset(tables: tables.map(\.withoutOrigins)) }
}

extension Table {
  fileprivate var withoutOrigins: Table {
    var table = self
    for chain in table.chains.indices {
      for rule in table.chains[chain].rules.indices { table.chains[chain].rules[rule].origin = nil }
    }
    for index in table.sets.indices { table.sets[index].origin = nil }
    for index in table.verdictMaps.indices {
      table.verdictMaps[index].elements = table.verdictMaps[index].elements.map {
        VerdictMap.Element($0.key, $0.verdict)
      }
    }
    for index in table.addressMaps.indices {
      table.addressMaps[index].elements = table.addressMaps[index].elements.map {
        AddressMap.Element($0.key, to: $0.address, port: $0.port)
      }
    }
    return table
  }
}
