import Netfilter
import NetworkTypes

/// What rules need to know of the sets and maps of their table.
struct TableContext {
  let family: TableFamily
  let sets: [String: NamedSet.Content]
  let addressMaps: [String: AddressMap]
  /// The first set of each list of addresses: rules that repeat the list mean that one.
  private let setsByRanges: [[AddressRange]: String]

  init(_ table: Table) {
    family = table.family
    sets = Dictionary(table.sets.map { ($0.name, $0.content) }) { first, _ in first }
    addressMaps = Dictionary(table.addressMaps.map { ($0.name, $0) }) { first, _ in first }
    var setsByRanges: [[AddressRange]: String] = [:]
    for set in table.sets {
      if case .addresses(.ipv6, let ranges) = set.content, setsByRanges[ranges] == nil {
        setsByRanges[ranges] = set.name
      }
    }
    self.setsByRanges = setsByRanges
  }

  /// The first set of IPv6 addresses that holds these ranges.
  func firstSet(of ranges: [AddressRange]) -> String? { setsByRanges[ranges] }
}
