import KernelForm
import Netfilter

/// What a rule says, in whichever of the ways that treat every packet the same it is written.
///
/// What is asked of headers is a set; other conditions are one between any two effects; bytes of
/// packets stand by themselves, however many are read at once.
struct Meaning: Hashable {
  /// Every part, for eyes.
  var parts: Set<String> { headers.union(steps.flatMap { $0 }) }

  private var headers: Set<String> = []
  private var steps: [[String]] = []
  private var conditions: Set<String> = []
  private var loads: [Expression] = []

  init(_ expressions: [Expression]) {
    var index = 0
    while index < expressions.count {
      add(expressions[index], next: index + 1 < expressions.count ? expressions[index + 1] : nil)
      index += 1
    }
    steps.append(conditions.sorted())
    conditions = []
    // The type of a frame without a tag is the protocol.
    for type in EtherType.allCases {
      let bytes = [UInt8(type.rawValue >> 8), UInt8(type.rawValue & 255)]
      guard headers.contains("linkLayer 13 \(bytes[1])") else { continue }
      headers.remove("\(Expression.meta(.etherType, into: .first)) \(bytes)")
    }
  }

  private mutating func add(_ expression: Expression, next: Expression?) {
    switch expression {
    case .compare(_, .equal, let value) where mask?.count == value.count:
      let hosts = mask?.map { ~$0 } ?? []
      loads.removeLast()
      condition("\(Comparison.greaterOrEqual) \(value)")
      condition("\(Comparison.lessOrEqual) \(zip(value, hosts).map { $0 | $1 })")
    case .compare(let register, .notEqual, let value) where mask?.count == value.count:
      let hosts = mask?.map { ~$0 } ?? []
      loads.removeLast()
      let upper = zip(value, hosts).map { $0 | $1 }
      condition("\(Expression.range(register, inverted: true, from: value, to: upper))")
    case .compare(_, let comparison, let value):
      if loads.count == 1, comparison == .equal, ask(loads[0], value) { break }
      condition("\(comparison) \(value)")
      if comparison == .greaterOrEqual, case .compare = next { return }
    case .range(_, inverted: false, let from, let to):
      condition("\(Comparison.greaterOrEqual) \(from)")
      condition("\(Comparison.lessOrEqual) \(to)")
    case .lookup(let set, let key, data: nil, let inverted) where set.hasPrefix("__set"):
      condition("\(Expression.lookup(set: "__set", key: key, data: nil, inverted: inverted))")
    case .range, .lookup(_, _, data: nil, _): condition("\(expression)")
    case .meta, .payload, .bitwise, .immediate, .conntrack, .fib, .route, .byteOrder:
      loads.append(expression)
      return
    case .counter: effect(.counter(packets: 0, bytes: 0))
    case .setMeta where loads.contains { $0 == .bitwise(mask: 0, xor: .max) }:
      loads = [.immediate(.first, value: [255, 255, 255, 255])]
      effect(expression)
    case .setMeta, .setPayload, .lookup, .dynamicSet, .verdict, .nat, .masquerade, .reject, .limit,
      .connectionLimit, .log, .extensionHeader, .setExtensionHeader, .other:
      effect(expression)
    }
    loads = []
  }

  /// The mask of some bytes of the packet.
  private var mask: [UInt8]? {
    guard loads.count == 2, case .payload(_, _, length: 16, _) = loads[0],
      case .bitwise(_, _, let mask, _) = loads[1]
    else { return nil }
    return mask
  }

  private mutating func condition(_ text: String) { conditions.insert("\(loads) \(text)") }

  private mutating func effect(_ expression: Expression) {
    let areConstants = loads.allSatisfy { if case .immediate = $0 { true } else { false } }
    if areConstants { loads.sort { "\($0)" < "\($1)" } }
    steps.append(conditions.sorted() + ["\(loads) \(expression)"])
    conditions = []
  }

  /// Whether `load` is of a header's kind, or of plain bytes.
  private mutating func ask(_ load: Expression, _ value: [UInt8]) -> Bool {
    switch load {
    case .meta(.family, _), .meta(.transport, _), .meta(.etherType, _), .meta(.inputType, _):
      headers.insert("\(load) \(value)")
      return true
    case .payload(let base, let offset, let length, _) where Int(length) == value.count:
      for (index, byte) in value.enumerated() {
        let place =
          "\(base == .linkLayer ? "linkLayer" : "\(base)") \(Int(offset) + index) \(byte)"
        if base == .linkLayer, Int(offset) + index >= 12 {
          headers.insert(place)
        } else {
          conditions.insert(place)
        }
      }
      return true
    default: return false
    }
  }
}

extension Expression {
  fileprivate static func bitwise(mask: UInt32, xor: UInt32) -> Expression {
    func bytes(_ number: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    return .bitwise(from: .first, into: .first, mask: bytes(mask), xor: bytes(xor))
  }
}
