import KernelForm
import Netfilter
import PolicyTestSupport

/// Changes kernel forms as somebody else, a newer nft, or bad memory would.
struct Damage {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func damaged(_ ruleset: KernelRuleset) -> KernelRuleset {
    var result = ruleset
    for table in result.tables.indices {
      if random.isOne(in: 3) { damageSets(&result.tables[table]) }
      for chain in result.tables[table].chains.indices {
        for rule in result.tables[table].chains[chain].rules.indices where random.isOne(in: 2) {
          damage(&result.tables[table].chains[chain].rules[rule].expressions)
        }
      }
    }
    return result
  }

  private mutating func damageSets(_ table: inout KernelTable) {
    guard !table.sets.isEmpty else { return }
    let index = random.pick(Array(table.sets.indices))
    switch Int.random(in: 0...7, using: &random) {
    case 0: table.sets.remove(at: index)
    case 1: table.sets[index].flags = SetFlags(rawValue: .random(in: 0...255, using: &random))
    case 2: table.sets[index].keyType = random.pick([0, 4, 7, 12, 13, 41, 455, 781, .max])
    case 3: table.sets[index].keyLength = random.pick([0, 1, 2, 4, 64])
    case 4: table.sets[index].dataType = random.pick([0, 7, 8, 461, KernelSet.verdictType])
    case 5: table.sets[index].dataLength = random.pick([0, 1, 4, 8, 20])
    case 6: table.sets[index].elements = elements()
    default:
      table.sets[index].userdata = (0..<random.pick([0, 1, 2, 7, 30])).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
    }
  }

  private mutating func elements() -> ElementTable {
    let keyLength = random.pick([0, 1, 2, 4, 16, 20])
    var table = ElementTable(keyLength: keyLength, dataLength: random.pick([0, 0, 4, 8]))
    for _ in 0..<random.pick([0, 1, 5]) {
      let key = bytes(keyLength)
      if table.dataLength == 0 {
        table.append(key: key, comment: bytes(3), endsInterval: random.isOne(in: 2))
      } else {
        table.append(key: key, value: bytes(table.dataLength), comment: bytes(3))
      }
    }
    return table
  }

  private mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in random.pick([0, 1, 0x80, 0xFF, .random(in: 0...255, using: &random)]) }
  }

  // MARK: Rules

  private mutating func damage(_ expressions: inout [Expression]) {
    guard !expressions.isEmpty, !random.isOne(in: 8) else {
      return expressions.append(expression())
    }
    let index = random.pick(Array(expressions.indices))
    switch Int.random(in: 0...5, using: &random) {
    case 0: expressions.remove(at: index)
    case 1: expressions.insert(expressions[index], at: index)
    case 2: expressions.swapAt(index, random.pick(Array(expressions.indices)))
    case 3: expressions.insert(expression(), at: index)
    default: expressions[index] = changed(expressions[index])
    }
  }

  private mutating func register(_ own: Register) -> Register {
    random.isOne(in: 3) ? Register(random.pick([0, 1, 2, 3, 4, 5, 9, 13, 23, 24, .max])) : own
  }

  private mutating func value(_ own: [UInt8]) -> [UInt8] {
    switch Int.random(in: 0...4, using: &random) {
    case 0: return own.dropLast()
    case 1: return own + [0]
    case 2: return bytes(own.count)
    case 3: return bytes(random.pick([0, 1, 2, 4, 6, 8, 16, 80]))
    default: return own
    }
  }

  private mutating func changed(_ expression: Expression) -> Expression {
    switch expression {
    case .meta(let key, let into):
      .meta(random.isOne(in: 2) ? random.pick(MetaKey.allCases) : key, into: register(into))
    case .payload(let base, let offset, let length, let into):
      .payload(
        random.isOne(in: 3) ? random.pick(PayloadBase.allCases) : base,
        offset: random.pick([offset, offset, 0, 2, 6, 12, 13, 16, .max]),
        length: random.pick([length, length, 0, 1, 2, 4, 16, .max]), into: register(into))
    case .compare(let from, let comparison, let value):
      .compare(
        register(from), random.isOne(in: 3) ? random.pick(Comparison.allCases) : comparison,
        value: self.value(value))
    case .range(let from, let inverted, let lower, let upper):
      .range(register(from), inverted: !inverted, from: value(lower), to: value(upper))
    case .bitwise(let from, let into, let mask, let xor):
      .bitwise(from: register(from), into: register(into), mask: value(mask), xor: value(xor))
    case .lookup(let set, let key, let data, let inverted):
      .lookup(
        set: random.isOne(in: 4) ? "nowhere" : set, key: register(key),
        data: random.isOne(in: 4) ? nil : data.map { register($0) },
        inverted: random.isOne(in: 4) != inverted)
    case .dynamicSet(let update, let set, let key, let timeout, let inner):
      .dynamicSet(
        random.isOne(in: 3) ? random.pick(SetUpdate.allCases) : update, set: set,
        key: register(key), timeout: random.isOne(in: 4) ? 7 : timeout,
        random.isOne(in: 4) ? Expressions([self.expression()]) : inner)
    case .immediate(let into, let value): .immediate(register(into), value: self.value(value))
    case .nat(let nat):
      .nat(
        NAT(
          random.isOne(in: 3) ? random.pick(NAT.Side.allCases) : nat.side,
          family: random.pick([nat.family, nat.family, 2, 10, 7]),
          firstAddress: nat.firstAddress.map { register($0) },
          lastAddress: nat.lastAddress.map { register($0) },
          firstPort: random.isOne(in: 4) ? .first : nat.firstPort, lastPort: nat.lastPort,
          flags: random.pick([nat.flags, 0, 4, 20])))
    case .setMeta, .setPayload, .verdict, .conntrack, .fib, .route, .masquerade, .reject, .limit,
      .connectionLimit, .log, .counter, .extensionHeader, .setExtensionHeader, .byteOrder, .other:
      self.expression()
    }
  }

  private mutating func expression() -> Expression {
    let register = register(.first)
    let number = random.pick([0, 1, 2, 3, 4, 20, UInt32.max])
    switch Int.random(in: 0...19, using: &random) {
    case 0: return .meta(random.pick(MetaKey.allCases), into: register)
    case 1: return .setMeta(random.pick(MetaKey.allCases), from: register)
    case 2:
      return .payload(
        random.pick(PayloadBase.allCases), offset: random.pick([0, 2, 8, 12, 13, 16, 24]),
        length: random.pick([1, 2, 4, 6, 8, 10, 16]), into: register)
    case 3: return .compare(register, random.pick(Comparison.allCases), value: value([0]))
    case 4:
      return .range(
        register, inverted: random.isOne(in: 2), from: value([0, 1]), to: value([9, 9]))
    case 5: return .bitwise(from: register, into: register, mask: value([255]), xor: value([0]))
    case 6: return .immediate(register, value: value([0, 80]))
    case 7: return .conntrack(random.pick(ConntrackKey.allCases), direction: nil, into: register)
    case 8: return .fib(random.pick(FIBResult.allCases), flags: number, into: register)
    case 9: return .route(key: number, into: register)
    case 10: return .masquerade(flags: number, firstPort: register, lastPort: nil)
    case 11: return .reject(type: number, code: UInt8.random(in: 0...5, using: &random))
    case 12:
      return .limit(
        rate: UInt64(number) << 8, unit: random.pick([1, 60, 7]), burst: number, type: 0, flags: 0)
    case 13: return .connectionLimit(count: number, flags: 0)
    case 14: return .log(prefix: "x", level: number)
    case 15:
      return .setExtensionHeader(operation: 1, type: 2, offset: 2, length: 2, from: register)
    case 16: return .byteOrder(from: register, into: register, operation: 1, length: 2, size: 2)
    case 17: return .counter(packets: 7, bytes: 70)
    case 18: return .verdict(.accept)
    default: return .other(name: "quota")
    }
  }
}
