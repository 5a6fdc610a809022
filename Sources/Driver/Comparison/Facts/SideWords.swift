import Netfilter
import NetworkTypes

/// The words in a row; what a list holds of either family in one pair of braces.
func merged(_ words: [String]) -> String {
  var order: [String] = []
  var members: [String: [Substring]] = [:]
  for word in words {
    guard word.hasSuffix("}"), let brace = word.firstIndex(of: "{") else {
      if members.updateValue([], forKey: word) == nil { order.append(word) }
      continue
    }
    let name = String(word[..<brace])
    if members[name] == nil { order.append(name) }
    members[name, default: []].append(word[word.index(after: brace)...].dropLast())
  }
  return order.map { name in
    let list = members[name] ?? []
    return list.isEmpty ? name : "\(name){\(list.joined(separator: ", "))}"
  }.joined(separator: ", ")
}

/// One side of a flow, as the conditions of a rule describe it.
struct SideWords {
  enum Side { case source, destination }

  /// `host`, `world`, `any`, a network, addresses with the names of containers.
  private(set) var words = "any"
  /// Whether anything is said of this side.
  private(set) var isConfined = false
  /// The interface that packets come by, where it is no network's: `via eth0`.
  private(set) var via: String?

  init(_ matches: [Match], of side: Side, _ reader: TableReader, isHost: Bool = false) {
    var addresses: String?
    var interface: String?
    for match in matches {
      switch (match, side) {
      case (.source(let match), .source), (.destination(let match), .destination):
        let ranges = reader.names.words(reader.ranges(match.operand))
        addresses = match.negated ? "all but \(ranges)" : ranges
      case (.inputInterface(let match), .source), (.outputInterface(let match), .destination):
        (interface, via) = Self.words(match, reader)
      default: continue
      }
    }
    isConfined = addresses != nil || interface != nil || isHost
    words = addresses ?? (isHost ? "host" : interface ?? (via == nil ? "any" : "world"))
  }

  private static func words(
    _ match: InterfaceMatch, _ reader: TableReader
  ) -> (words: String?, via: String?) {
    switch match {
    case .equals(let name):
      reader.names.isNetwork(name) ? (reader.names.words(name), nil) : (nil, name.text)
    case .isIn(let set):
      (reader.interfaces(in: set).map(reader.names.words).joined(separator: ", "), nil)
    case .differs, .isNotIn: ("world", nil)
    }
  }
}
