package import Netfilter

/// Tables as the kernel holds them, or is to hold them: expressions and bytes.
package struct KernelRuleset: Hashable, Sendable {
  package var tables: [KernelTable]
  /// The number of the kernel's state that this was read from (NFTA_GEN_ID); `nil` where it was
  /// not read.
  package var generation: UInt32?

  package init(tables: [KernelTable] = [], generation: UInt32? = nil) {
    self.tables = tables
    self.generation = generation
  }

  /// The table of `family`, if there is one.
  package func table(_ family: TableFamily) -> KernelTable? {
    tables.first { $0.family == family }
  }
}

/// A table in the kernel's terms.
package struct KernelTable: Hashable, Sendable {
  package var family: TableFamily
  package var name: String
  package var comment: String?
  /// NFT_TABLE_F_DORMANT 1, NFT_TABLE_F_OWNER 2, NFT_TABLE_F_PERSIST 4 (linux/netfilter/nf_tables.h).
  package var flags: UInt32 = 0
  /// Anonymous sets among them: rules name them.
  package var sets: [KernelSet] = []
  package var chains: [KernelChain] = []
  /// What stands in the table and has no place in this model, each as nft calls it
  /// (`counter NAME`, `flowtable NAME`): somebody else's.
  package var strangers: [String] = []

  package init(family: TableFamily, name: String, comment: String? = nil) {
    self.family = family
    self.name = name
    self.comment = comment
  }
}
