import Netfilter
import NetworkTypes

extension RuleEncoder {
  mutating func writeAddress(_ address: AddressMatch, _ match: Match, isSource: Bool) {
    need(address.family)
    let offset = address.family.addressOffset(isSource: isSource)
    write(address, at: .network, offset: offset, match)
  }

  /// Compares the address that stands at `offset`.
  mutating func write(
    _ address: AddressMatch, at base: PayloadBase, offset: UInt32, _ match: Match
  ) {
    let length = UInt32(address.family.byteCount)
    let load = Expression.payload(base, offset: offset, length: length, into: .first)
    switch address.operand {
    case .set(let name, _):
      condition(
        [load, .lookup(set: name, key: .first, data: nil, inverted: address.negated)], [match])
    case .range(let range):
      guard range.lowerBits != range.upperBits else {
        let value = range.family.bytes(range.lowerBits)
        return payload(
          PayloadMatch(base: base, offset: offset, value: value, isNegated: address.negated),
          [match])
      }
      guard let prefix = range.prefix else {
        return condition([load] + bounds(range, address.negated), [match])
      }
      guard prefix.length > 0, prefix.length % 8 == 0 else {
        return condition([load] + comparison(prefix, address.negated), [match])
      }
      let value = Array(range.family.bytes(range.lowerBits).prefix(prefix.length / 8))
      let short = Expression.payload(
        base, offset: offset, length: UInt32(value.count), into: .first)
      condition([short, compare(value, address.negated)], [match])
    }
  }

  private func compare(_ value: [UInt8], _ negated: Bool) -> Expression {
    .compare(.first, negated ? .notEqual : .equal, value: value)
  }

  private func comparison(_ prefix: AddressPrefix, _ negated: Bool) -> [Expression] {
    let family = prefix.family
    let hostBits = UInt128(family.width - prefix.length)
    let mask: UInt128 = hostBits == 128 ? 0 : .max << hostBits
    return [
      .bitwise(
        from: .first, into: .first, mask: family.bytes(mask), xor: family.bytes(0)),
      compare(family.bytes(prefix.address.bits), negated),
    ]
  }

  private func bounds(_ range: AddressRange, _ negated: Bool) -> [Expression] {
    bounds(
      range.family.bytes(range.lowerBits), range.family.bytes(range.upperBits), negated: negated)
  }

  private func bounds(_ lower: [UInt8], _ upper: [UInt8], negated: Bool) -> [Expression] {
    if negated { return [.range(.first, inverted: true, from: lower, to: upper)] }
    return [
      .compare(.first, .greaterOrEqual, value: lower), .compare(.first, .lessOrEqual, value: upper),
    ]
  }

  mutating func writePorts(offset: UInt32, _ ports: [PortRange], _ match: ([PortRange]) -> Match) {
    need(portsOf: rule.transport)
    let load = Expression.payload(.transport, offset: offset, length: 2, into: .first)
    guard ports.count == 1 else {
      let isInterval = ports.contains { $0.count > 1 }
      let bounds = ports.map { (UInt128($0.lower), UInt128($0.upper)) }
      let elements = ElementTable(ranges: bounds, length: 2, isInterval: isInterval)
      let set = anonymousSet(.port, elements, isInterval: isInterval)
      let test = Expression.lookup(set: set, key: .first, data: nil, inverted: false)
      return condition([load, test], [match(ports)])
    }
    let lower = bigEndian(ports[0].lower, count: 2)
    guard ports[0].count > 1 else {
      return payload(
        PayloadMatch(base: .transport, offset: offset, value: lower), [match(ports)])
    }
    let upper = bigEndian(ports[0].upper, count: 2)
    condition([load] + bounds(lower, upper, negated: false), [match(ports)])
  }

  /// The target of a solicitation or advertisement: the 128 bits after type, code, checksum and
  /// four flag bytes (RFC 4861, 4.3).
  mutating func writeNeighborTarget(_ address: AddressMatch) {
    let load = Expression.payload(.transport, offset: 8, length: 16, into: .first)
    switch address.operand {
    case .range(let range):
      let match = Match.neighborTarget(address)
      if let prefix = range.prefix, prefix.length > 0, prefix.length < 128 {
        condition([load] + comparison(prefix, address.negated), [match])
      } else {
        writeTarget(load, range, address.negated, match)
      }
    case .set(let name, _):
      guard case .addresses(_, let ranges) = table.sets[name] else { return }
      if ranges.count == 1 {
        let match = Match.neighborTarget(
          AddressMatch(.range(ranges[0]), negated: address.negated))
        return writeTarget(load, ranges[0], address.negated, match)
      }
      writeTargets(load, ranges, address)
    }
  }

  private mutating func writeTarget(
    _ load: Expression, _ range: AddressRange, _ negated: Bool, _ match: Match
  ) {
    if range.lowerBits == range.upperBits {
      condition([load, compare(range.family.bytes(range.lowerBits), negated)], [match])
    } else {
      condition([load] + bounds(range, negated), [match])
    }
  }

  // The elements are repeated: raw bits have no type, sets of addresses have.
  private mutating func writeTargets(
    _ load: Expression, _ ranges: [AddressRange], _ address: AddressMatch
  ) {
    let isInterval = ranges.contains { $0.lowerBits != $0.upperBits }
    let elements = ElementTable(
      ranges: ranges.map { ($0.lowerBits, $0.upperBits) }, length: 16, isInterval: isInterval)
    let set = anonymousSet(
      .integer, elements, isInterval: isInterval,
      userdata: SetUserdata.transportBits(offset: 64, length: 128))
    let test = Expression.lookup(set: set, key: .first, data: nil, inverted: address.negated)
    let named = table.firstSet(of: ranges).map {
      Match.neighborTarget(AddressMatch(.set($0, .ipv6), negated: address.negated))
    }
    condition([load, test], [named ?? .neighborTarget(address)])
  }
}

extension ElementTable {
  /// The elements of a set of ranges: bounds where it holds intervals, else the values.
  init(ranges: [(lower: UInt128, upper: UInt128)], length: Int, isInterval: Bool) {
    self.init(keyLength: length)
    let highest: UInt128 = length == 16 ? .max : (1 << UInt128(8 * length)) - 1
    if isInterval, let first = ranges.first, first.lower > 0 {
      append(key: bigEndian(0 as UInt128, count: length), comment: [], endsInterval: true)
    }
    for range in ranges {
      append(key: bigEndian(range.lower, count: length), comment: [])
      guard isInterval, range.upper < highest else { continue }
      append(key: bigEndian(range.upper + 1, count: length), comment: [], endsInterval: true)
    }
  }
}
