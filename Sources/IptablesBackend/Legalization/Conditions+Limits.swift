import Netfilter

extension TableLegalizer {
  /// The kernel's credits hold a day's worth (xt_limit.c, xt_hashlimit.c: `MAX_CPJ`).
  private static var longestRefill: UInt64 { 86_400 }
  /// XT_LIMIT_SCALE: the fastest rate of `-m limit`, a second.
  private static var fastestLimit: UInt64 { 10_000 }

  mutating func legalize(_ limit: Limit, _ rule: Rule) -> IptablesMatch {
    let count = UInt64(max(limit.count, 1))
    let mostBurst = max(1, Self.longestRefill * count / limit.unit.seconds)
    let burst = UInt32(truncatingIfNeeded: min(UInt64(max(limit.burst, 1)), mostBurst))
    if burst < limit.burst { report(.burst(burst), rule) }
    let isFast = count > Self.fastestLimit * limit.unit.seconds
    guard limit.perSourceMeter != nil || isFast || UInt64(burst) > Self.fastestLimit else {
      return .limit(count: limit.count, limit.unit, burst: burst)
    }
    // The kernel finds a table by its name alone and then keeps its old rate: so the name changes
    // with the rate. A limit without meter is told from others by where it came from.
    let identity = limit.perSourceMeter ?? rule.identity
    let name =
      "BW-" + fingerprint("\(identity) \(limit.count) \(limit.unit.rawValue) \(limit.burst)")
    return .hashLimit(
      count: limit.count, limit.unit, burst: burst, perSource: limit.perSourceMeter != nil,
      name: name)
  }
}

extension Rule {
  /// Tells the rule from others, in every run.
  fileprivate var identity: String {
    ([origin?.location ?? ""] + matches.map(\.words) + actions.map(\.words))
      .joined(separator: ", ")
  }
}
