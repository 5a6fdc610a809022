import CNftnl
import KernelForm
import Netfilter

/// Puts the kernel's messages about our tables together: tables come before what they hold, sets
/// before their elements, chains before their rules.
struct RulesetDecoder {
  private let name: String
  private var drafts: [TableDraft] = []

  /// - Parameter name: the name of our tables; others are passed over.
  init(table name: String) { self.name = name }

  /// What the messages said, tables in the order of families.
  var tables: [KernelTable] {
    TableFamily.allCases.compactMap { family in
      drafts.first { $0.table.family == family }?.table
    }
  }

  /// Takes the elements of a set that is there already.
  mutating func fill(_ content: SetContent) throws(NetlinkError) {
    let place = drafts.firstIndex { $0.table.path == content.path.table }
    guard let place else { throw .malformed("elements of a table that is not there") }
    try drafts[place].fill(content)
  }

  /// Takes one message of a dump.
  mutating func take(_ message: Message, in bytes: Span<UInt8>) throws(NetlinkError) {
    guard message.subsystem == UInt16(NFNL_SUBSYS_NFTABLES), message.hasFamily,
      let family = TableFamily(number: message.family(in: bytes))
    else { return }
    let body = try Nest(message.attributes, in: bytes)
    // The table's name is the first attribute of every object, and the one of a table itself.
    guard body.string(NFTA_TABLE_NAME, in: bytes) == name else { return }
    let kind = nf_tables_msg_types(UInt32(message.type & 0xFF))
    let place = drafts.firstIndex { $0.table.family == family }
    if kind == NFT_MSG_NEWTABLE {
      guard place == nil else { throw .malformed("a table that is there twice") }
      drafts.append(try TableDraft(family, name, body, in: bytes))
      return
    }
    guard let place else { throw .malformed("an object of a table that is not there") }
    switch kind {
    case NFT_MSG_NEWCHAIN: try drafts[place].takeChain(body, in: bytes)
    case NFT_MSG_NEWSET: try drafts[place].takeSet(body, in: bytes)
    case NFT_MSG_NEWSETELEM: try drafts[place].takeElements(body, in: bytes)
    case NFT_MSG_NEWRULE: try drafts[place].takeRule(body, in: bytes)
    case NFT_MSG_NEWOBJ: try drafts[place].takeStatefulObject(body, in: bytes)
    case NFT_MSG_NEWFLOWTABLE: drafts[place].takeFlowtable(body, in: bytes)
    default: break
    }
  }
}
