import NetworkTypes

extension Verifier {
  mutating func check(_ map: VerdictMap) {
    enter("map \(map.name)")
    for element in map.elements {
      if !fits(element.key, map.fields) { report(.keyShape(map: map.name), element.origin) }
      check(element.verdict, element.origin)
    }
  }

  mutating func check(_ map: AddressMap) {
    enter("map \(map.name)")
    if !map.rewritesPort, map.fields != [.destinationPort] { report(.keyShape(map: map.name)) }
    let hasPort = map.fields.contains(.destinationPort)
    if hasPort, !map.fields.contains(.transport), map.transport?.hasPorts != true {
      report(.portsWithoutProtocol)
    }
    let isPlain = map.fields == [.transport, .destinationPort]
    let elements = map.elements.span
    for index in elements.indices {
      // Most keys of large maps are plain, and need no look at each value.
      if !(isPlain && elements[index].key.isPlain) && !fits(elements[index].key, map.fields)
        || (elements[index].port != nil) != map.rewritesPort
      {
        report(.keyShape(map: map.name), elements[index].origin)
      }
      if elements[index].address.family != map.family {
        report(.mixedFamilies, elements[index].origin)
      }
      if let port = elements[index].port,
        Int(port) + elements[index].key.portCount - 1 > 65_535
      {
        report(.portOverflow(map: map.name), elements[index].origin)
      }
    }
  }

  /// Reports a lookup whose key is not that of the map.
  mutating func check(lookup fields: [KeyField], in map: String, _ origin: Origin?) {
    guard let found = verdictMaps[map] else {
      report(.unknownMap(map), origin)
      return
    }
    if found.fields != fields { report(.keyShape(map: map), origin) }
  }

  private func fits(_ key: ElementKey, _ fields: [KeyField]) -> Bool {
    guard key.count == fields.count else { return false }
    for index in key.indices where !fits(key[index], fields[index]) { return false }
    return true
  }

  private func fits(_ value: KeyValue, _ field: KeyField) -> Bool {
    switch (value, field) {
    case (.interface, .inputInterface), (.interface, .outputInterface): true
    case (.address(let address), .sourceAddress(let family)): address.family == family
    case (.address(let address), .destinationAddress(let family)): address.family == family
    case (.transport, .transport), (.ports, .destinationPort): true
    case (.interface, _), (.address, _), (.transport, _), (.ports, _): false
    }
  }
}

extension ElementKey {
  fileprivate var portCount: Int { ports?.count ?? 1 }
}
