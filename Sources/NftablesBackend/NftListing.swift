package import Netfilter
import NetworkTypes

/// A set, map or chain in nft's words, taken apart so that two of them can be compared.
package struct NftListing: Hashable, Sendable {
  /// `set`, `map` or `chain`.
  package let kind: String
  package let name: String
  /// What is said of the object itself: its type, flags, hook.
  package let head: [String]
  /// Rules or elements, one each.
  package let members: [String]
  /// Whether the order of the members means something.
  package var isOrdered: Bool { kind == "chain" }

  /// A rule of `table` in nft's words.
  package static func words(of rule: Rule, in table: Table) -> String {
    var writer = NftWriter(elementRoom: 0)
    writer.enter(table)
    let listing = writer.taken("chain", "") { $0.writeChain(Chain("", rules: [rule])) }
    return listing.members.joined()
  }

  /// The objects of `table` as ``nftScript(_:header:)`` prints them, in its order.
  ///
  /// - Complexity: linear in the length of the result.
  package static func objects(of table: Table) -> [NftListing] {
    var writer = NftWriter(elementRoom: 0)
    writer.enter(table)
    var result = table.sets.map { set in
      writer.taken("set", set.name, members: set.members) { $0.writeSet(set) }
    }
    result += table.verdictMaps.map { map in
      writer.taken("map", map.name) { $0.writeMap(map) }
    }
    result += table.addressMaps.map { map in
      writer.taken("map", map.name) { $0.writeMap(map) }
    }
    return result
      + table.chainsInOrder.map { chain in
        writer.taken("chain", chain.name) { $0.writeChain(chain) }
      }
  }
}

extension NftWriter {
  /// What `write` writes, as a listing.
  fileprivate mutating func taken(
    _ kind: String, _ name: String, members known: [String]? = nil,
    _ write: (inout NftWriter) -> Void
  ) -> NftListing {
    text = TextBuffer(capacity: 256)
    write(&self)
    var head: [String] = []
    var members: [String] = []
    for line in text.bytes.split(separator: UInt8(ascii: "\n")) {
      let depth = line.prefix { $0 == UInt8(ascii: "\t") }.count
      let words = String(decoding: line.dropFirst(depth), as: UTF8.self)
      if depth == 3 {
        members.append(words.hasSuffix(",") ? String(words.dropLast()) : words)
      } else if depth == 2, !words.hasPrefix("elements = "), words != "}" {
        if kind != "chain" || words.hasPrefix("type ") {
          head.append(words)
        } else {
          members.append(words)
        }
      }
    }
    return NftListing(kind: kind, name: name, head: head, members: known ?? members)
  }
}

extension NamedSet {
  /// The elements, one each; `writeSet` puts several on a line.
  fileprivate var members: [String] {
    switch content {
    case .addresses(_, let ranges): ranges.map(\.description)
    case .interfaces(let names): names.map { "\"\($0)\"" }
    case .flows, .learnedInterfaces, .meter: []
    }
  }
}
