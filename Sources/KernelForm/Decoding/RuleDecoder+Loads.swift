import Netfilter
import NetworkTypes

/// Something that was loaded into a register.
struct Load {
  enum Source: Hashable {
    case meta(MetaKey)
    case payload(PayloadBase, offset: UInt32, length: UInt32)
  }

  let source: Source
  let register: Register

  init?(_ expression: Expression) {
    if case .meta(let key, let register) = expression {
      (source, self.register) = (.meta(key), register)
    } else if case .payload(let base, let offset, let length, let register) = expression {
      (source, self.register) = (.payload(base, offset: offset, length: length), register)
    } else {
      return nil
    }
  }
}

extension RuleDecoder {
  /// Reads what is loaded, and what is done with it.
  mutating func decodeLoads(from first: Expression) throws(Unknown) {
    var loads = [Load(first)].compactMap { $0 }
    while let expression = peek(), let load = Load(expression) {
      loads.append(load)
      skip()
    }
    if case .lookup(let set, let key, let data, let inverted) = peek() {
      skip()
      return try decodeLookup(loads, set, key: key, into: data, inverted: inverted)
    }
    if case .dynamicSet(let update, let set, let key, let timeout, let inner) = peek() {
      skip()
      guard timeout == 0 else { throw Unknown("dynset") }
      return try decodeUpdate(loads, update, set, key: key, inner.list)
    }
    guard loads.count == 1 else { throw Unknown("what is loaded and not used") }
    switch loads[0].source {
    case .meta(let key): try decodeMeta(key, loads[0].register)
    case .payload(let base, let offset, let length):
      try decodePayload(base, offset: offset, length: length, loads[0].register)
    }
  }

  private mutating func decodeMeta(_ key: MetaKey, _ register: Register) throws(Unknown) {
    guard case .compare(register, let comparison, let value) = next(),
      comparison == .equal || comparison == .notEqual
    else { throw Unknown("meta") }
    let isEqual = comparison == .equal
    switch (key, isEqual) {
    case (.family, true) where context.family == .inet:
      guard let family = AddressFamily.allCases.first(where: { [$0.number] == value }) else {
        throw Unknown("meta nfproto")
      }
      setFamily(family)
    case (.etherType, true) where context.family == .bridge:
      let type = EtherType.allCases.first { bigEndian($0.rawValue, count: 2) == value }
      switch type {
      case .ipv4: setFamily(.ipv4)
      case .ipv6: setFamily(.ipv6)
      case .arp: try setARP()
      case nil: throw Unknown("meta protocol")
      }
    case (.transport, true):
      guard value.count == 1 else { throw Unknown("meta l4proto") }
      setTransport(TransportProtocol(number: value[0]))
    case (.inputType, true):
      guard value == [1, 0] else { throw Unknown("meta iiftype") }
      try setEthernet()
    case (.inputName, _): try add(.inputInterface(try interface(value, isEqual)))
    case (.outputName, _): try add(.outputInterface(try interface(value, isEqual)))
    case (.inputBridge, true): try add(.inputBridge(try interfaceName(value)))
    case (.outputBridge, true): try add(.outputBridge(try interfaceName(value)))
    case (.family, _), (.etherType, _), (.transport, _), (.inputType, _), (.inputBridge, _),
      (.outputBridge, _), (.length, _), (.priority, _), (.mark, _), (.inputIndex, _),
      (.outputIndex, _), (.packetType, _):
      throw Unknown("meta")
    }
  }

  private func interfaceName(_ value: [UInt8]) throws(Unknown) -> InterfaceName {
    // A shorter value stands for every interface whose name begins so, unless it is ended.
    guard let name = InterfaceName(padded: value) else {
      throw Unknown("a pattern of interface names")
    }
    return name
  }

  private func interface(_ value: [UInt8], _ isEqual: Bool) throws(Unknown) -> InterfaceMatch {
    let name = try interfaceName(value)
    return isEqual ? .equals(name) : .differs(name)
  }

  // MARK: Keys

  /// The parts of a key, which must lie one after the other.
  private mutating func components(
    _ loads: [Load], key: Register
  ) throws(Unknown) -> [KeyComponent] {
    guard var slot = key.slot else { throw Unknown("a register that is none") }
    var components: [KeyComponent] = []
    for load in loads {
      guard load.register.slot == slot else { throw Unknown("a key with gaps") }
      let component = try component(load.source)
      slot += component.type.paddedLength / 4
      components.append(component)
    }
    return components
  }

  private mutating func component(_ source: Load.Source) throws(Unknown) -> KeyComponent {
    switch source {
    case .meta(.inputName): return .interface(.inputName)
    case .meta(.outputName): return .interface(.outputName)
    case .meta(.transport): return .transport
    case .payload(.transport, offset: 0, length: 2): return .port(transport, isSource: true)
    case .payload(.transport, offset: 2, length: 2): return .port(transport, isSource: false)
    case .payload(.network, let offset, let length):
      for family in AddressFamily.allCases where network == family.etherType {
        for isSource in [true, false] {
          guard offset == family.addressOffset(isSource: isSource), length == family.byteCount
          else { continue }
          try rely(on: family)
          return .address(family, isSource: isSource)
        }
      }
      throw Unknown("a key of unknown parts")
    case .meta, .payload: throw Unknown("a key of unknown parts")
    }
  }

  // MARK: Lookups

  private mutating func decodeLookup(
    _ loads: [Load], _ name: String, key: Register, into data: Register?, inverted: Bool
  ) throws(Unknown) {
    let set = try context.set(name)
    guard set.flags.contains(.map) == (data != nil) else { throw Unknown("lookup in \(name)") }
    guard let data else {
      if loads.count == 1, loads[0].register == key,
        try decodeMembership(loads[0].source, set, inverted)
      {
        return
      }
      guard !inverted else { throw Unknown("what is not in \(name)") }
      return try decodeRemembered(try components(loads, key: key), set)
    }
    guard !inverted, !set.flags.contains(.anonymous) else { throw Unknown("lookup in \(name)") }
    let components = try components(loads, key: key)
    if data == .verdict {
      try decodeDispatch(components, set)
    } else {
      try decodeTranslation(components, set, data)
    }
  }

  private mutating func decodeDispatch(
    _ components: [KeyComponent], _ set: KernelSet
  ) throws(Unknown) {
    let fields = try fields(components, of: set)
    guard set.dataType == KernelSet.verdictType else { throw Unknown("lookup in \(set.name)") }
    try uses.note(set.name, components.map(\.withoutTransport))
    try add(.dispatch(fields, map: set.name), needs: needs(components))
  }

  private mutating func decodeTranslation(
    _ components: [KeyComponent], _ set: KernelSet, _ data: Register
  ) throws(Unknown) {
    let fields = try fields(components, of: set)
    guard case .nat(let nat) = next(), nat.side == .destination, nat.flags == 0,
      let family = AddressFamily.allCases.first(where: { UInt32($0.number) == nat.family }),
      let slot = data.slot, nat.firstAddress == data, nat.lastAddress ?? data == data
    else { throw Unknown("nat") }
    let port = Register(slot: slot + family.byteCount / 4)
    let types = [ValueType(family)] + (nat.firstPort == nil ? [] : [.port])
    guard nat.firstPort ?? port == port, nat.lastPort ?? port == port,
      nat.lastPort == nil || nat.firstPort != nil, set.dataType == types.number
    else { throw Unknown("nat") }
    let noted = fields.contains(.transport) ? components.map(\.withoutTransport) : components
    if !fields.contains(.transport), fields.contains(.destinationPort) {
      try relyOnPorts()
      // A rule that says its protocol needs not agree with the others about it.
      guard uses.components(of: set.name) == nil || !saysTransport else {
        let others = uses.components(of: set.name)?.map(\.withoutTransport)
        guard others == components.map(\.withoutTransport) else {
          throw Unknown("set \(set.name) with another key")
        }
        return try add(.destinationNAT(.map(set.name)), needs: needs(components))
      }
    }
    try uses.note(set.name, noted)
    try add(.destinationNAT(.map(set.name)), needs: needs(components))
  }

  private var saysTransport: Bool {
    matches.contains { if case .transport = $0 { true } else { false } }
  }

  private func fields(
    _ components: [KeyComponent], of set: KernelSet
  ) throws(Unknown) -> [KeyField] {
    var fields: [KeyField] = []
    for component in components {
      guard let field = component.field else { throw Unknown("a key of unknown parts") }
      fields.append(field)
    }
    guard set.keyType == components.map(\.type).number else {
      throw Unknown("lookup in \(set.name)")
    }
    return fields
  }

  /// What looking up a key makes sure of by itself.
  func needs(_ components: [KeyComponent]) -> [Match] {
    components.flatMap { component -> [Match] in
      switch component {
      case .interface, .transport: []
      case .address(let family, _): [.family(family)]
      case .port(let transport, _): transport.map { [.transport($0)] } ?? []
      }
    }
  }

  // MARK: Flows and meters

  private func flow(
    _ components: [KeyComponent], _ set: KernelSet
  ) throws(Unknown) -> (key: FlowKey, side: FlowSide) {
    guard set.flags.contains(.dynamic), set.keyType == components.map(\.type).number,
      case .address(let family, let isSource) = components.first
    else { throw Unknown("lookup in \(set.name)") }
    let ports = components.lazy.compactMap(\.portTransport).first
    let keys: [FlowKey] =
      [.echo(family), .addresses(family)] + (ports.map { [.ports(family, $0)] } ?? [])
    guard let key = keys.first(where: { $0.components(swapped: !isSource) == components }) else {
      throw Unknown("a key of unknown parts")
    }
    if case .ports = key { try relyOnPorts() }
    return (key, isSource ? .opening : .answering)
  }

  private mutating func decodeRemembered(
    _ components: [KeyComponent], _ set: KernelSet
  ) throws(Unknown) {
    let (key, side) = try flow(components, set)
    try uses.note(set.name, key.components(swapped: false))
    try add(.remembered(key, set: set.name, side))
  }

  private mutating func decodeUpdate(
    _ loads: [Load], _ update: SetUpdate, _ name: String, key: Register, _ inner: [Expression]
  ) throws(Unknown) {
    let set = try context.set(name)
    let components = try components(loads, key: key)
    guard set.flags.contains(.dynamic), set.keyType == components.map(\.type).number else {
      throw Unknown("dynset")
    }
    switch (update, inner.first, inner.count) {
    case (.update, nil, 0):
      if components == [.interface(.outputName)] {
        return try add(.learnOutputInterface(set: name))
      }
      let (key, side) = try flow(components, set)
      guard side == .opening else { throw Unknown("dynset") }
      try uses.note(name, components)
      try add(.remember(key, set: name), needs: needs(components))
    case (.update, .some(let test), 1):
      try requireSource(components)
      try add(.limit(try limit(test, meter: name)))
    case (.add, .connectionLimit(let count, 1), 1):
      try requireSource(components)
      try add(.connectionsOver(count: count, perSource: true, meter: name))
    case (.add, _, _), (.update, _, _), (.delete, _, _): throw Unknown("dynset")
    }
  }

  private func requireSource(_ components: [KeyComponent]) throws(Unknown) {
    guard components.count == 1, case .address(_, isSource: true) = components[0] else {
      throw Unknown("dynset")
    }
  }
}

extension KeyComponent {
  /// The same component, of whatever protocol.
  fileprivate var withoutTransport: KeyComponent {
    if case .port(_, let isSource) = self { .port(nil, isSource: isSource) } else { self }
  }
}
