import HeaderSpace
import Netfilter
import NetworkTypes

/// A row of flows as data.
package struct FlowRecord: Encodable, Hashable, Sendable {
  /// `ipv4`, `ipv6`, or both.
  package let families: [String]
  /// `published`, `network`, `host` or `world`.
  package let place: String
  package let from: [String]
  package let to: [String]
  package let services: [String]
  /// Where a published port leads.
  package let target: String?
  /// The line that decides.
  package let location: String?
  /// What decides, where it is no single line, or more than a line says.
  package let reason: String?
  package let conditions: [String]
  /// What the server sees as source, where that is not the sender and is told.
  package let seenSource: String?

  init(_ row: FlowRow) {
    families = row.families.map(\.word)
    place =
      switch row.place {
      case .published: "published"
      case .network: "network"
      case .host: "host"
      case .world: "world"
      }
    from = row.senders
    to = row.destinations
    services = row.services
    target = row.target
    location = row.reason?.origin?.location
    reason = row.reason?.comment
    conditions = row.conditions
    seenSource = row.seenSource
  }
}

extension AddressFamily {
  fileprivate var word: String {
    switch self {
    case .ipv4: "ipv4"
    case .ipv6: "ipv6"
    }
  }
}

extension FlowRecord {
  /// `4`, `6`, or both.
  package var familyDigits: String {
    families.map { $0 == "ipv4" ? "4" : "6" }.joined(separator: " ")
  }

  /// What decides, in a few words.
  package var decision: String {
    [location, reason].compactMap { $0 }.joined(separator: ": ")
  }
}
