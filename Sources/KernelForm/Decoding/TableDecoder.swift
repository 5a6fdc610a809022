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
    var chains: [Chain] = []
    for chain in table.chains {
      if !chain.policyAccepts { leave(chain: chain.name, what: "policy drop") }
      chains.append(Chain(chain.name, chain.kind, rules: rules(of: chain, context, &uses)))
    }
    result.chains = chains
    for set in table.sets where !set.flags.contains(.anonymous) { add(set, uses) }
    settle()
  }

  private mutating func settle() {
    let context = TableContext(result)
    for chain in result.chains.indices {
      result.chains[chain].rules = result.chains[chain].rules.map { settled($0, context) }
    }
  }

  private mutating func rules(
    of chain: KernelChain, _ context: DecodingContext, _ uses: inout SetUses
  ) -> [Rule] {
    var rules: [Rule] = []
    for rule in chain.rules {
      var decoder = RuleDecoder(rule.expressions, in: context, uses)
      do {
        try decoder.run()
        uses = decoder.uses
        let comment = CommentText(rule.comment)
        rules.append(
          Rule(decoder.matches, decoder.actions, origin: comment.origin, comment: comment.why))
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
