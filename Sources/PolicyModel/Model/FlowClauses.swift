package import NetworkTypes

/// The clauses that narrow a flow or publish, `from` and `except` aside.
///
/// A policy may have a hundred thousand lines and clauses on few of them, so a value without
/// clauses is one word.
package struct FlowClauses: Hashable, Sendable {
  private struct Content: Hashable, Sendable {
    var via: InterfaceName?
    var limit: RateLimit?
    var connections: ConnectionLimit?
    var log: LogSetting?
  }

  /// Empty, or one.
  private var content: [Content] = []

  package init() {}

  /// The interface by which packets arrive.
  package var via: InterfaceName? {
    get { content.first?.via }
    set { edit { $0.via = newValue } }
  }

  /// How many new connections in a time.
  package var limit: RateLimit? {
    get { content.first?.limit }
    set { edit { $0.limit = newValue } }
  }

  /// How many connections at the same time.
  package var connections: ConnectionLimit? {
    get { content.first?.connections }
    set { edit { $0.connections = newValue } }
  }

  /// Whether packets that the line decides are logged, and how.
  package var log: LogSetting? {
    get { content.first?.log }
    set { edit { $0.log = newValue } }
  }

  private mutating func edit(_ change: (inout Content) -> Void) {
    var edited = content.first ?? Content()
    change(&edited)
    content = edited == Content() ? [] : [edited]
  }
}

/// `limit N/UNIT [burst N] [per source]`: new connections beyond it are not covered by the line.
package struct RateLimit: Hashable, Sendable {
  /// The time that `count` is for.
  package enum Unit: String, CaseIterable, Hashable, Sendable {
    case second, minute, hour, day
  }

  /// 1 or more in each unit.
  package let count: UInt32
  package let unit: Unit
  /// How many may come at once; 5 where nothing was said, as with nft and iptables.
  package let burst: UInt32
  package let perSource: Bool

  package init(count: UInt32, unit: Unit, burst: UInt32, perSource: Bool) {
    self.count = count
    self.unit = unit
    self.burst = burst
    self.perSource = perSource
  }
}

/// `connections N [per source]`: connections beyond N at the same time are not covered.
package struct ConnectionLimit: Hashable, Sendable {
  package let count: UInt32
  package let perSource: Bool

  package init(count: UInt32, perSource: Bool) {
    self.count = count
    self.perSource = perSource
  }
}

/// `log ["prefix"]`: packets that the line decides are logged.
package struct LogSetting: Hashable, Sendable {
  /// At most 127 bytes (`NF_LOG_PREFIXLEN - 1`), printable; empty for the product's own.
  package let prefix: String

  package init(prefix: String) { self.prefix = prefix }
}
