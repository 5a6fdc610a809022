import Netfilter
package import NetworkTypes

/// Some connections in words: who, to where, what, and what becomes of them.
package struct FlowRow: Hashable, Sendable {
  /// What kind of place is reached.
  package enum Place: Int, Hashable, Sendable, Comparable {
    /// A port of the host that leads to a container.
    case published
    /// A container's own address.
    case network
    case host
    case world

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// Ascending.
  package internal(set) var families: [AddressFamily]
  package let place: Place
  /// Who sends: `world`, `host`, networks, `network.guest`, addresses.
  package internal(set) var senders: [String]
  /// What is dialled, in the same words; `host` is every address of the host.
  package internal(set) var destinations: [String]
  /// `any`, or protocols with ports.
  package let services: [String]
  /// Where a published port leads: `network.guest:port`.
  package let target: String?
  /// Why it is so.
  package let reason: Reason?
  /// What the permission is bound to: limits.
  package let conditions: [String]
  /// What the server sees as source, where that is not the sender.
  package let seenSource: String?
}

extension FlowRow {
  /// The rows sorted by place and line, those united that say the same of other families, other
  /// destinations or other senders.
  static func arranged(_ rows: [FlowRow]) -> [FlowRow] {
    let byFamily = united(rows.flatMap(\.single), \.families, \.withoutFamilies) {
      $0.families = Set($1).sorted()
    }
    let byDestination = united(byFamily, \.destinations, \.withoutDestinations) {
      $0.destinations = distinct($1)
    }
    let result = united(byDestination, \.senders, \.withoutSenders) {
      $0.senders = distinct($1).sorted { rank($0) < rank($1) }
    }
    return result.map { (key: $0.sortKey, row: $0) }.sorted { $0.key < $1.key }.map(\.row)
  }

  /// The world first, then the host, then every network, then by name.
  private static func rank(_ sender: String) -> (Int, String) {
    if sender == "world" || sender.hasPrefix("world ") { return (0, sender) }
    if sender == "host" || sender.hasPrefix("host ") { return (1, sender) }
    return (sender.hasPrefix(SiteNames.everyNetwork) ? 2 : 3, sender)
  }

  private static func distinct(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }

  /// Rows that are alike but for one part become one with all of it.
  private static func united<Part>(
    _ rows: [FlowRow], _ part: (FlowRow) -> [Part], _ key: (FlowRow) -> FlowRow,
    _ set: (inout FlowRow, [Part]) -> Void
  ) -> [FlowRow] {
    var places: [FlowRow: Int] = [:]
    places.reserveCapacity(rows.count)
    var result: [(row: FlowRow, parts: [Part])] = []
    for row in rows {
      let key = key(row)
      let place = places[key] ?? result.count
      if place == result.count {
        places[key] = place
        result.append((key, part(row)))
      } else {
        result[place].parts += part(row)
      }
    }
    return result.map { found in
      var row = found.row
      set(&row, found.parts)
      return row
    }
  }

  /// The row as rows with one sender and one destination each, if these are not too many.
  private var single: [FlowRow] {
    let count = senders.count * destinations.count
    guard count != 1, count <= 4096 else { return [self] }
    return senders.flatMap { sender in
      destinations.map { destination in
        var row = self
        row.senders = [sender]
        row.destinations = [destination]
        return row
      }
    }
  }

  private var withoutFamilies: FlowRow { with { $0.families = [] } }
  private var withoutDestinations: FlowRow { with { $0.destinations = [] } }
  private var withoutSenders: FlowRow { with { $0.senders = [] } }

  private func with(_ change: (inout FlowRow) -> Void) -> FlowRow {
    var row = self
    change(&row)
    return row
  }

  /// Place, file, line, and then what tells rows of one line apart.
  private var sortKey: SortKey {
    SortKey(
      place: place, file: reason?.origin?.file ?? "", line: reason?.origin?.line ?? 0,
      words: [destinations, services, senders, conditions].map { $0.joined(separator: ",") },
      families: families)
  }

  private struct SortKey: Comparable {
    let place: Place
    let file: String
    let line: UInt32
    let words: [String]
    let families: [AddressFamily]

    static func < (left: Self, right: Self) -> Bool {
      if left.place != right.place { return left.place < right.place }
      if left.file != right.file { return left.file < right.file }
      if left.line != right.line { return left.line < right.line }
      for (mine, theirs) in zip(left.words, right.words) where mine != theirs {
        return mine < theirs
      }
      return left.families.lexicographicallyPrecedes(right.families)
    }
  }
}
