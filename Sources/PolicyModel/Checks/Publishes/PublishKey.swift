import NetworkTypes

/// Where a publish stands among all: by protocol, then host address, then first port.
struct PublishKey {
  /// Protocol, rank of the host address (0 for every address) and first port, most significant
  /// first.
  let order: UInt64
  /// The index in `policy.publishes`.
  let publish: Int32

  /// What two publishes must share to conflict: protocol and rank.
  var group: UInt64 { order >> 16 }
  var transport: UInt8 { UInt8(truncatingIfNeeded: order >> 48) }
  var isWildcard: Bool { order >> 16 & 0xFFFF_FFFF == 0 }

  /// The keys of all publishes in ascending order.
  ///
  /// - Complexity: O(n).
  static func sorted(_ publishes: [Publish]) -> [PublishKey] {
    var ranks: [IPAddress: UInt64] = [:]
    var keys: [PublishKey] = []
    keys.reserveCapacity(publishes.count)
    for index in publishes.indices {
      var rank: UInt64 = 0
      if let address = publishes[index].hostAddress {
        rank = ranks[address] ?? UInt64(ranks.count + 1)
        ranks[address] = rank
      }
      let transport = UInt64(publishes[index].transport.number)
      let order = transport << 48 | rank << 16 | UInt64(publishes[index].hostPorts.lower)
      keys.append(PublishKey(order: order, publish: Int32(index)))
    }
    sort(&keys)
    return keys
  }

  /// Lists of ports mostly ascend: only what comes after a larger key is sorted, and finds its place
  /// among the others.
  private static func sort(_ keys: inout [PublishKey]) {
    var late: [PublishKey] = []
    var kept = 0
    for index in keys.indices {
      if kept > 0, keys[index].order < keys[kept - 1].order {
        late.append(keys[index])
      } else {
        if kept < index { keys[kept] = keys[index] }
        kept += 1
      }
    }
    late = sortedByDigits(late)
    // From the end on, where there is room for them.
    while let last = late.popLast() {
      let shift = late.count + 1
      while kept > 0, keys[kept - 1].order > last.order {
        kept -= 1
        keys[kept + shift] = keys[kept]
      }
      keys[kept + shift - 1] = last
    }
  }

  /// Sorts by the bytes of `order`, least significant first; bytes that never differ cost nothing.
  private static func sortedByDigits(_ keys: [PublishKey]) -> [PublishKey] {
    var keys = keys
    let differing = keys.reduce(0) { $0 | ($1.order ^ keys[0].order) }
    for shift in stride(from: UInt64(0), to: 56, by: 8) where differing >> shift & 0xFF != 0 {
      keys = distributed(keys, by: shift)
    }
    return keys
  }

  private static func distributed(_ keys: [PublishKey], by shift: UInt64) -> [PublishKey] {
    var places = [Int](repeating: 0, count: 257)
    for key in keys { places[Int(key.order >> shift & 0xFF) + 1] += 1 }
    for digit in 1...256 { places[digit] += places[digit - 1] }
    var result = keys
    for key in keys {
      let digit = Int(key.order >> shift & 0xFF)
      result[places[digit]] = key
      places[digit] += 1
    }
    return result
  }
}
