import CNftnl
import KernelForm
import Netfilter

/// A table as far as it was read.
struct TableDraft {
  private(set) var table: KernelTable
  private var chainPlaces: [String: Int] = [:]
  private var setPlaces: [String: Int] = [:]
  /// The sets and chains that are told as strangers, whose elements and rules are theirs.
  private var strangeChains: Set<String> = []
  private var strangeSets: Set<String> = []

  init(
    _ family: TableFamily, _ name: String, _ body: Nest, in bytes: Span<UInt8>
  ) throws(NetlinkError) {
    table = KernelTable(family: family, name: name)
    table.flags = try body.uint32(NFTA_TABLE_FLAGS, in: bytes) ?? 0
    table.comment = body[NFTA_TABLE_USERDATA].flatMap { Userdata.comment($0.value, in: bytes) }
  }

  mutating func takeChain(_ body: Nest, in bytes: Span<UInt8>) throws(NetlinkError) {
    guard let name = body.string(NFTA_CHAIN_NAME, in: bytes) else {
      throw .malformed("a chain without a name")
    }
    guard chainPlaces[name] == nil, strangeChains.insert(name).inserted else {
      throw .malformed("a chain that is there twice")
    }
    guard let chain = try KernelChain(name, body, in: bytes) else {
      table.strangers.append("chain \(name)")
      return
    }
    strangeChains.remove(name)
    chainPlaces[name] = table.chains.count
    table.chains.append(chain)
  }

  mutating func takeRule(_ body: Nest, in bytes: Span<UInt8>) throws(NetlinkError) {
    guard let name = body.string(NFTA_RULE_CHAIN, in: bytes) else {
      throw .malformed("a rule without a chain")
    }
    if strangeChains.contains(name) { return }
    guard let place = chainPlaces[name] else {
      throw .malformed("a rule of a chain that is not there")
    }
    table.chains[place].rules.append(try KernelRule(body, in: bytes))
  }

  mutating func takeSet(_ body: Nest, in bytes: Span<UInt8>) throws(NetlinkError) {
    guard let name = body.string(NFTA_SET_NAME, in: bytes) else {
      throw .malformed("a set without a name")
    }
    guard setPlaces[name] == nil, strangeSets.insert(name).inserted else {
      throw .malformed("a set that is there twice")
    }
    guard let set = try KernelSet(name, body, in: bytes) else {
      let flags = try body.uint32(NFTA_SET_FLAGS, in: bytes) ?? 0
      let isMap = flags & (NFT_SET_MAP.rawValue | NFT_SET_OBJECT.rawValue) != 0
      table.strangers.append("\(isMap ? "map" : "set") \(name)")
      return
    }
    strangeSets.remove(name)
    setPlaces[name] = table.sets.count
    table.sets.append(set)
  }

  /// Gives a set all its elements.
  mutating func fill(_ content: SetContent) throws(NetlinkError) {
    guard let place = setPlaces[content.path.name] else {
      throw .malformed("elements of a set that is not there")
    }
    table.sets[place].elements = try content.elements(of: table.sets[place].emptied)
  }

  /// The elements of sets that rules fill are what happened, not what was asked for: they are left
  /// out.
  mutating func takeElements(_ body: Nest, in bytes: Span<UInt8>) throws(NetlinkError) {
    guard let name = body.string(NFTA_SET_ELEM_LIST_SET, in: bytes) else {
      throw .malformed("elements without a set")
    }
    if strangeSets.contains(name) { return }
    guard let place = setPlaces[name] else {
      throw .malformed("elements of a set that is not there")
    }
    guard let list = body[NFTA_SET_ELEM_LIST_ELEMENTS], !table.sets[place].isFilledByRules else {
      return
    }
    var decoder = ElementDecoder(table.sets[place])
    // The table lends its columns, so that they are not copied to be appended to.
    swap(&decoder.elements, &table.sets[place].elements)
    defer { swap(&decoder.elements, &table.sets[place].elements) }
    try decoder.take(list, in: bytes)
    if decoder.foundStranger {
      let stranger = "element of \(table.sets[place].noun) \(name)"
      if !table.strangers.contains(stranger) { table.strangers.append(stranger) }
    }
  }

  mutating func takeFlowtable(_ body: Nest, in bytes: Span<UInt8>) {
    table.strangers.append("flowtable \(body.string(NFTA_FLOWTABLE_NAME, in: bytes) ?? "")")
  }

  mutating func takeStatefulObject(_ body: Nest, in bytes: Span<UInt8>) throws(NetlinkError) {
    let type = try body.uint32(NFTA_OBJ_TYPE, in: bytes) ?? 0
    let nouns = [
      "object", "counter", "quota", "ct helper", "limit", "object", "object", "ct timeout",
      "secmark", "ct expectation", "synproxy",
    ]
    let noun = Int(type) < nouns.count ? nouns[Int(type)] : "object"
    table.strangers.append("\(noun) \(body.string(NFTA_OBJ_NAME, in: bytes) ?? "")")
  }
}

extension KernelSet {
  /// The set without its elements.
  fileprivate var emptied: KernelSet {
    var set = self
    set.elements = ElementTable(keyLength: keyLength, dataLength: elements.dataLength)
    return set
  }

  /// Whether rules add the elements while packets come.
  var isFilledByRules: Bool { flags.contains(.dynamic) }

  /// nft's word for it.
  var noun: String { flags.contains(.map) ? "map" : "set" }
}
