import Netfilter
import NetworkTypes

extension RuleEncoder {
  mutating func write(_ action: Action) {
    switch action {
    case .counter: effect([.counter(packets: 0, bytes: 0)])
    case .log(let prefix):
      effect([.log(prefix: nftLogPrefix(prefix), level: 4)])
    case .setMark(let mark): writeSetMark(mark)
    case .verdict(let verdict): effect([.verdict(verdict)])
    case .reject(.prohibited):
      effect([.reject(type: RejectNumber.either, code: RejectNumber.prohibited)])
    case .reject(.tcpReset):
      needTCPFirst()
      effect([.reject(type: RejectNumber.tcpReset, code: 0)])
    case .dispatch(let fields, let map):
      let components = fields.map { KeyComponent($0, ports: rule.transport) }
      writeLookup(components, map, into: .verdict, then: [])
    case .destinationNAT(let translation): writeDestinationNAT(translation)
    case .sourceNAT(let translation): writeSourceNAT(translation)
    case .masquerade(let ports, let order): writeMasquerade(ports, order)
    case .clampMSS(let size): writeClamp(size)
    case .fixChecksum: writeFixChecksum()
    case .remember(let key, let set):
      writeUpdate(of: set, key.components(swapped: false))
    case .learnOutputInterface(let set): writeUpdate(of: set, [.interface(.outputName)])
    }
  }

  private mutating func writeSetMark(_ mark: PacketMark) {
    guard mark.mask != .max else {
      return effect([
        .immediate(.first, value: hostOrder(mark.value)), .setMeta(.mark, from: .first),
      ])
    }
    effect([
      .meta(.mark, into: .first),
      .bitwise(
        from: .first, into: .first, mask: hostOrder(~mark.mask & ~mark.value),
        xor: hostOrder(mark.value)),
      .setMeta(.mark, from: .first),
    ])
  }

  private mutating func writeLookup(
    _ components: [KeyComponent], _ map: String, into register: Register, then rest: [Expression]
  ) {
    need(components)
    let lookup = Expression.lookup(set: map, key: .first, data: register, inverted: false)
    effect(loads(components) + [lookup] + rest)
  }

  private mutating func writeUpdate(of set: String, _ components: [KeyComponent]) {
    need(components)
    effect(
      loads(components) + [
        .dynamicSet(.update, set: set, key: .first, timeout: 0, Expressions([]))
      ])
  }

  private mutating func writeDestinationNAT(_ translation: DestinationNAT) {
    switch translation {
    case .address(let address):
      effect([
        .immediate(.first, value: address.family.bytes(address.bits)),
        .nat(NAT(.destination, to: address.family, port: nil)),
      ])
    case .map(let name):
      guard let map = table.addressMaps[name] else { return }
      let components = map.fields.map {
        KeyComponent($0, ports: rule.transport ?? map.transport)
      }
      let port = map.rewritesPort ? Register(slot: map.family.byteCount / 4) : nil
      writeLookup(
        components, name, into: .first, then: [.nat(NAT(.destination, to: map.family, port: port))])
    }
  }

  private mutating func writeSourceNAT(_ translation: SourceNAT) {
    let range = translation.addresses
    var values = [range.family.bytes(range.lowerBits)]
    if range.lowerBits != range.upperBits { values.append(range.family.bytes(range.upperBits)) }
    let addresses = values.count
    if let ports = translation.ports { values += portBounds(ports) }
    // nft takes a whole register of sixteen bytes for each.
    let registers = values.indices.map { Register(slot: 4 * $0) }
    let hasPorts = values.count > addresses
    effect(
      zip(registers, values).map { .immediate($0, value: $1) } + [
        .nat(
          NAT(
            .source, family: UInt32(range.family.number), firstAddress: registers[0],
            lastAddress: registers[addresses - 1],
            firstPort: hasPorts ? registers[addresses] : nil,
            lastPort: hasPorts ? registers.last : nil, flags: NATFlag.order(translation.order)))
      ])
  }

  private mutating func writeMasquerade(_ ports: PortRange?, _ order: SourcePortOrder) {
    let values = ports.map(portBounds) ?? []
    let registers = values.indices.map { Register(slot: 4 * $0) }
    effect(
      zip(registers, values).map { .immediate($0, value: $1) } + [
        .masquerade(
          flags: NATFlag.order(order) | (ports == nil ? 0 : NATFlag.ports),
          firstPort: registers.first, lastPort: registers.last)
      ])
  }

  /// The first port, and the last one where it is another.
  private func portBounds(_ ports: PortRange) -> [[UInt8]] {
    let bounds = ports.count == 1 ? [ports.lower] : [ports.lower, ports.upper]
    return bounds.map { bigEndian($0, count: 2) }
  }

  /// Both packets of a handshake bear the option; the kernel never raises it.
  private mutating func writeClamp(_ size: UInt16?) {
    need(.tcp)
    condition(flagComparison(mask: TCPFlag.handshake, isEqual: true))
    let value: [Expression] =
      size.map { [.immediate(.first, value: bigEndian($0, count: 2))] } ?? [
        .route(key: SegmentSizeOption.routeKey, into: .first),
        .byteOrder(from: .first, into: .first, operation: 1, length: 2, size: 2),
      ]
    effect(
      value + [
        .setExtensionHeader(
          operation: SegmentSizeOption.operation, type: SegmentSizeOption.type,
          offset: SegmentSizeOption.offset, length: SegmentSizeOption.length, from: .first)
      ])
  }

  private mutating func writeFixChecksum() {
    if !rule.saysIPv4 { compareFamily(.ipv4) }
    need(.udp)
    effect([
      .immediate(.first, value: [0, 0]),
      .setPayload(
        .transport, offset: 6, length: 2, from: .first,
        checksum: PayloadChecksum(type: 1, offset: 6, flags: 0)),
    ])
  }
}

/// At most `limit` bytes of `text`, in a form that is safe between double quotes.
func quotable(_ text: String, limit: Int) -> String {
  var buffer = TextBuffer(capacity: limit)
  buffer.append(quotable: text, limit: limit)
  return String(decoding: buffer.bytes, as: UTF8.self)
}

extension NAT {
  /// A rewrite to the address in the first register and the port in `port`.
  init(_ side: Side, to family: AddressFamily, port: Register?) {
    self.init(
      side, family: UInt32(family.number), firstAddress: .first, lastAddress: .first,
      firstPort: port, lastPort: port)
  }
}
