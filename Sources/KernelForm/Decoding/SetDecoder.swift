import Netfilter
import NetworkTypes

/// Says one named set or map in the words of the representation.
struct SetDecoder {
  private let set: KernelSet
  private let types: [ValueType]
  private let components: [KeyComponent]?

  init(_ set: KernelSet, _ uses: SetUses) throws(Unknown) {
    self.set = set
    guard let types = [ValueType](number: set.keyType) else {
      throw Unknown("keys of type \(set.keyType)")
    }
    guard set.keyLength == types.length, set.elements.keyLength == types.length,
      set.elements.isWhole
    else { throw Unknown("keys of \(set.keyLength) bytes") }
    self.types = types
    components = uses.components(of: set.name)
  }

  // MARK: Sets

  func namedSet() throws(Unknown) -> NamedSet {
    let comment = SetUserdata.comment(in: set.userdata)
    let origin =
      comment.isEmpty ? nil : CommentText(String(decoding: comment, as: UTF8.self)).origin
    return NamedSet(set.name, try content(), origin: origin)
  }

  private func content() throws(Unknown) -> NamedSet.Content {
    let flags = set.flags
    if flags.contains(.dynamic) {
      guard flags.isSubset(of: [.dynamic, .timeout]) else {
        throw Unknown("flags \(flags.rawValue)")
      }
      return try dynamicContent()
    }
    guard flags.isSubset(of: .interval) else { throw Unknown("flags \(flags.rawValue)") }
    switch types {
    case [.ipv4Address]: return .addresses(.ipv4, try ranges(.ipv4))
    case [.ipv6Address]: return .addresses(.ipv6, try ranges(.ipv6))
    case [.interface]:
      guard flags.isEmpty else { throw Unknown("ranges of interface names") }
      return .interfaces(try interfaces())
    default: throw Unknown("keys of type \(set.keyType)")
    }
  }

  private func dynamicContent() throws(Unknown) -> NamedSet.Content {
    let seconds = Int(clamping: set.timeout / 1000)
    switch types {
    case [.ipv4Address]: return .meter(.ipv4)
    case [.ipv6Address]: return .meter(.ipv6)
    case [.interface] where seconds > 0: return .learnedInterfaces(timeout: seconds)
    case let types where seconds > 0:
      guard let family = types.first?.addressFamily else { break }
      let transport = components?.lazy.compactMap(\.portTransport).first ?? .tcp
      let keys: [FlowKey] = [.ports(family, transport), .echo(family), .addresses(family)]
      let key = keys.first { $0.components(swapped: false).map(\.type) == types }
      if let key { return .flows(key, timeout: seconds) }
    default: break
    }
    throw Unknown("keys of type \(set.keyType)")
  }

  private func ranges(_ family: AddressFamily) throws(Unknown) -> [AddressRange] {
    try set.elements.addressRanges(family, isInterval: set.holdsIntervals)
  }

  private func interfaces() throws(Unknown) -> [InterfaceName] {
    var names: [InterfaceName] = []
    for index in 0..<set.elements.count {
      guard let name = InterfaceName(padded: set.elements.key(at: index)) else {
        throw Unknown("a name that no interface has")
      }
      names.append(name)
    }
    return Set(names).sorted()
  }

  // MARK: Maps

  func verdictMap() throws(Unknown) -> VerdictMap {
    guard set.elements.dataLength == 0 else { throw Unknown("data beside verdicts") }
    let verdicts = set.elements.verdicts
    let elements = try entries().map { entry throws(Unknown) in
      guard verdicts.indices.contains(entry.index) else { throw Unknown("no verdict") }
      return VerdictMap.Element(
        ElementKey(entry.key), verdicts[entry.index],
        origin: set.elements.commentOrigin(at: entry.index))
    }
    return VerdictMap(set.name, try fields(), elements: elements)
  }

  func addressMap() throws(Unknown) -> AddressMap {
    guard let targets = [ValueType](number: set.dataType), let family = targets[0].addressFamily,
      targets == [targets[0]] || targets == [targets[0], .port],
      set.dataLength == targets.length, set.elements.dataLength == targets.length
    else { throw Unknown("data of type \(set.dataType)") }
    let fields = try fields()
    let rewritesPort = targets.count > 1
    guard rewritesPort || fields == [.destinationPort] else {
      throw Unknown("addresses by anything but ports")
    }
    let elements = try entries().map { entry in
      let value = set.elements.value(at: entry.index)
      let address = UInt128(bigEndian: value.prefix(family.byteCount))
      let port = UInt128(bigEndian: value.dropFirst(family.byteCount).prefix(2))
      return AddressMap.Element(
        ElementKey(entry.key), to: IPAddress(family: family, bits: address),
        port: rewritesPort ? UInt16(truncatingIfNeeded: port) : nil,
        origin: set.elements.commentOrigin(at: entry.index))
    }
    return AddressMap(
      set.name, family, fields, rewritesPort: rewritesPort, transport: transport(fields),
      elements: elements)
  }

  private func transport(_ fields: [KeyField]) -> TransportProtocol? {
    guard fields.contains(.destinationPort), !fields.contains(.transport) else { return nil }
    return components?.lazy.compactMap(\.portTransport).first ?? .tcp
  }

  private func fields() throws(Unknown) -> [KeyField] {
    guard set.flags.isSubset(of: [.map, .interval]), !set.holdsIntervals || types == [.port] else {
      throw Unknown("flags \(set.flags.rawValue)")
    }
    var fields: [KeyField] = []
    for index in types.indices {
      let used = components.flatMap { $0.indices.contains(index) ? $0[index].field : nil }
      guard let field = used ?? KeyField(likely: types[index]) else {
        throw Unknown("keys of type \(set.keyType)")
      }
      fields.append(field)
    }
    return fields
  }

  /// The keys in ascending order, and the elements that they are of.
  private func entries() throws(Unknown) -> [(key: [KeyValue], index: Int)] {
    if types == [.port] {
      return try set.elements.bounds(length: 2, isInterval: set.holdsIntervals).map {
        let lower = UInt16(truncatingIfNeeded: $0.lower)
        return ([.ports(PortRange(lower, UInt16(truncatingIfNeeded: $0.upper)))], $0.index)
      }
    }
    let elements = set.elements
    let order = (0..<elements.count).sorted {
      elements.key(at: $0).lexicographicallyPrecedes(elements.key(at: $1))
    }
    return try order.map { index throws(Unknown) in (try key(at: index), index) }
  }

  private func key(at index: Int) throws(Unknown) -> [KeyValue] {
    var rest = set.elements.key(at: index)
    var values: [KeyValue] = []
    for type in types {
      let padded = types.count > 1 ? type.paddedLength : type.length
      let bytes = rest.prefix(padded)
      rest = rest.dropFirst(padded)
      guard let value = KeyValue(bytes.prefix(type.length), type),
        bytes.dropFirst(type.length).allSatisfy({ $0 == 0 })
      else { throw Unknown("a key without a meaning") }
      values.append(value)
    }
    return values
  }
}

extension ValueType {
  var addressFamily: AddressFamily? {
    switch self {
    case .ipv4Address: .ipv4
    case .ipv6Address: .ipv6
    case .integer, .transport, .port, .interface: nil
    }
  }
}

extension KeyField {
  /// The field that keys of maps have where no rule tells from where it is read.
  init?(likely type: ValueType) {
    switch type {
    case .ipv4Address: self = .destinationAddress(.ipv4)
    case .ipv6Address: self = .destinationAddress(.ipv6)
    case .transport: self = .transport
    case .port: self = .destinationPort
    case .interface: self = .inputInterface
    case .integer: return nil
    }
  }
}

extension KeyValue {
  fileprivate init?(_ bytes: ArraySlice<UInt8>, _ type: ValueType) {
    let number = UInt128(bigEndian: bytes)
    switch type {
    case .ipv4Address: self = .address(IPAddress(family: .ipv4, bits: number))
    case .ipv6Address: self = .address(IPAddress(family: .ipv6, bits: number))
    case .transport: self = .transport(TransportProtocol(number: UInt8(truncatingIfNeeded: number)))
    case .port: self = .ports(PortRange(UInt16(truncatingIfNeeded: number)))
    case .interface:
      guard let name = InterfaceName(padded: bytes) else { return nil }
      self = .interface(name)
    case .integer: return nil
    }
  }
}

extension KeyComponent {
  /// The field of maps that is read from there.
  var field: KeyField? {
    switch self {
    case .interface(.inputName): .inputInterface
    case .interface(.outputName): .outputInterface
    case .interface: nil
    case .address(let family, let isSource):
      isSource ? .sourceAddress(family) : .destinationAddress(family)
    case .transport: .transport
    case .port(_, let isSource): isSource ? nil : .destinationPort
    }
  }

  /// The protocol whose port it is.
  var portTransport: TransportProtocol? {
    if case .port(let transport, _) = self { transport } else { nil }
  }
}
