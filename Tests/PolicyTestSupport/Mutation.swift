/// Ways to damage a text.
package enum Mutation: CaseIterable, Sendable {
  case deleteByte, insertByte, replaceByte, swapBytes, deleteChunk, repeatChunk

  /// The bytes with one piece of damage at a random place.
  package func apply(to bytes: [UInt8], random: inout SeededGenerator) -> [UInt8] {
    guard bytes.count > 1 else { return bytes }
    var result = bytes
    let place = Int.random(in: bytes.indices, using: &random)
    let end = min(bytes.count, place + Int.random(in: 1...12, using: &random))
    switch self {
    case .deleteByte: result.remove(at: place)
    case .insertByte: result.insert(byte(&random), at: place)
    case .replaceByte: result[place] = byte(&random)
    case .swapBytes: result.swapAt(place, Int.random(in: bytes.indices, using: &random))
    case .deleteChunk: result.removeSubrange(place..<end)
    case .repeatChunk: result.insert(contentsOf: bytes[place..<end], at: place)
    }
    return result
  }

  private func byte(_ random: inout SeededGenerator) -> UInt8 {
    random.isOne(in: 4)
      ? UInt8.random(in: 0...255, using: &random)
      : random.pick(Array("{}[],:/=->\"\\#\n\r\t .:-_0aZ".utf8))
  }
}
