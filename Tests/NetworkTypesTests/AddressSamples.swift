import NetworkTypes

/// Random addresses, and random damage to their text.
enum AddressSamples {
  /// An IPv6 value with many zero groups, so that `::` has something to shorten.
  static func ipv6(_ generator: inout SeededGenerator) -> UInt128 {
    var bits: UInt128 = 0
    for _ in 0..<8 {
      bits <<= 16
      switch Int.random(in: 0..<4, using: &generator) {
      case 0, 1: break
      case 2: bits |= UInt128.random(in: 0...0xF, using: &generator)
      default: bits |= UInt128.random(in: 0...0xFFFF, using: &generator)
      }
    }
    return bits
  }

  /// One of many valid spellings of `bits`: case, leading zeros, place of `::`, dotted quad.
  static func spelling(ofIPv6 bits: UInt128, _ generator: inout SeededGenerator) -> String {
    let groups = IPv6Address(bits: bits).groups
    let endsInQuad = generator.isOne(in: 4)
    var words = groups.prefix(endsInQuad ? 6 : 8).map { spelling(ofGroup: $0, &generator) }
    if endsInQuad { words.append(IPv4Address(bits: UInt32(truncatingIfNeeded: bits)).description) }
    let zeros = groups.prefix(endsInQuad ? 6 : 8).indices.filter { groups[$0] == 0 }
    guard let first = zeros.randomElement(using: &generator), generator.isOne(in: 2) else {
      return words.joined(separator: ":")
    }
    var end = first + 1
    while zeros.contains(end), !generator.isOne(in: 3) { end += 1 }
    return words[..<first].joined(separator: ":") + "::"
      + words[end...].joined(separator: ":")
  }

  private static func spelling(ofGroup group: UInt16, _ generator: inout SeededGenerator) -> String
  {
    let plain = String(group, radix: 16, uppercase: generator.isOne(in: 2))
    let padding = Int.random(in: 0...(4 - plain.utf8.count), using: &generator)
    return String(repeating: "0", count: padding) + plain
  }

  /// `text` with up to three bytes removed, doubled, swapped or replaced.
  static func damaged(_ text: String, _ generator: inout SeededGenerator) -> String {
    let replacements = Array(":.:.0123456789abcdefABCDEFgG/-+ %x".utf8)
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
      let index = bytes.indices.randomElement(using: &generator)!
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes.remove(at: index)
      case 1: bytes.insert(bytes[index], at: index)
      case 2: bytes.swapAt(index, bytes.indices.randomElement(using: &generator)!)
      default: bytes[index] = replacements.randomElement(using: &generator)!
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
