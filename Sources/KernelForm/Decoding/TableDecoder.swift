import Netfilter
import NetworkTypes

/// Says one table in the words of the representation.
struct TableDecoder {
  private let table: KernelTable
  private let path: TablePath
  private(set) var result: Table
  private(set) var leftovers: [Leftover] = []

  init(_ table: KernelTable) {
    self.table = table
    path = TablePath(table.family, table.name)
    result = Table(family: table.family, name: table.name, comment: table.comment)
  }

  mutating func run() {
    if table.flags != 0 { leave(what: "table flags \(table.flags)") }
    for stranger in table.strangers { leave(what: stranger) }
    let context = DecodingContext(table)
    var uses = SetUses()
    var chains: [[DecodedRule]] = []
    for chain in table.chains {
      if !chain.policyAccepts { leave(chain: chain.name, what: "policy drop") }
      chains.append(rules(of: chain, context, &uses))
    }
    for set in table.sets where !set.flags.contains(.anonymous) { add(set, uses) }
    add(chains)
  }

  /// A rule, and where it stands.
  private typealias DecodedRule = (rule: Rule, handle: UInt64?)

  /// Adds the chains without the rules that look into sets that have no words.
  private mutating func add(_ chains: [[DecodedRule]]) {
    let context = TableContext(result)
    let known = Set(
      result.sets.map(\.name) + result.verdictMaps.map(\.name) + result.addressMaps.map(\.name))
    for (chain, rules) in zip(table.chains, chains) {
      var decoded = Chain(chain.name, chain.kind)
      for (rule, handle) in rules {
        if let set = rule.setNames.first(where: { !known.contains($0) }) {
          leave(chain: chain.name, handle: handle, what: "set \(set) without a meaning")
        } else {
          decoded.rules.append(settled(rule, context))
        }
      }
      result.chains.append(decoded)
    }
  }

  private mutating func rules(
    of chain: KernelChain, _ context: DecodingContext, _ uses: inout SetUses
  ) -> [DecodedRule] {
    var rules: [DecodedRule] = []
    for rule in chain.rules {
      var decoder = RuleDecoder(rule.expressions, in: context, uses)
      do {
        try decoder.run()
        uses = decoder.uses
        let comment = CommentText(rule.comment)
        let decoded = Rule(
          decoder.matches, decoder.actions, origin: comment.origin, comment: comment.why)
        rules.append((decoded, rule.handle))
      } catch {
        leave(chain: chain.name, handle: rule.handle, what: error.what)
      }
    }
    return rules
  }

  private mutating func add(_ set: KernelSet, _ uses: SetUses) {
    do throws(Unknown) {
      let decoder = try SetDecoder(set, uses)
      if set.flags.contains(.map) {
        if set.dataType == KernelSet.verdictType {
          result.verdictMaps.append(try decoder.verdictMap())
        } else {
          result.addressMaps.append(try decoder.addressMap())
        }
      } else {
        result.sets.append(try decoder.namedSet())
      }
    } catch {
      leave(what: "\(set.flags.contains(.map) ? "map" : "set") \(set.name): \(error.what)")
    }
  }

  private mutating func leave(chain: String? = nil, handle: UInt64? = nil, what: String) {
    leftovers.append(Leftover(path, chain: chain, handle: handle, what: what))
  }
}

/// What rules are read against: the sets of their table.
struct DecodingContext {
  let family: TableFamily
  private let sets: [String: KernelSet]
  private let setsByRanges: [[AddressRange]: String]

  init(_ table: KernelTable) {
    family = table.family
    sets = Dictionary(table.sets.map { ($0.name, $0) }) { first, _ in first }
    var setsByRanges: [[AddressRange]: String] = [:]
    for set in table.sets where set.flags.isSubset(of: .interval) {
      guard set.keyType == ValueType.ipv6Address.rawValue,
        let ranges = try? set.elements.addressRanges(.ipv6, isInterval: set.holdsIntervals),
        setsByRanges[ranges] == nil
      else { continue }
      setsByRanges[ranges] = set.name
    }
    self.setsByRanges = setsByRanges
  }

  func set(_ name: String) throws(Unknown) -> KernelSet {
    guard let set = sets[name] else { throw Unknown("set \(name) that is not there") }
    return set
  }

  /// The first set of IPv6 addresses that holds these ranges.
  func firstSet(of ranges: [AddressRange]) -> String? { setsByRanges[ranges] }
}

/// What rules tell of sets that the sets do not tell themselves: where the parts of a key are found
/// in a packet.
struct SetUses {
  private var components: [String: [KeyComponent]] = [:]

  func components(of set: String) -> [KeyComponent]? { components[set] }

  /// Notes that `set` is looked into with a key of these components.
  ///
  /// - Throws: where another rule reads the key from elsewhere.
  mutating func note(_ set: String, _ components: [KeyComponent]) throws(Unknown) {
    if let noted = self.components[set], noted != components {
      throw Unknown("set \(set) with another key")
    }
    self.components[set] = components
  }
}

extension KernelSet {
  var holdsIntervals: Bool { flags.contains(.interval) }
}
