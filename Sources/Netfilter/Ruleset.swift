/// Everything that is to stand in the kernel: the tables that belong to this program.
package struct Ruleset: Hashable, Sendable {
  package var tables: [Table]

  package init(tables: [Table] = []) { self.tables = tables }

  /// The table of `family`, if there is one.
  package func table(_ family: TableFamily) -> Table? {
    tables.first { $0.family == family }
  }
}

/// A table: the sets, maps and chains of one family.
package struct Table: Hashable, Sendable {
  package var family: TableFamily
  package var name: String
  package var comment: String?
  package var sets: [NamedSet] = []
  package var verdictMaps: [VerdictMap] = []
  package var addressMaps: [AddressMap] = []
  package var chains: [Chain] = []

  package init(family: TableFamily, name: String, comment: String? = nil) {
    self.family = family
    self.name = name
    self.comment = comment
  }
}

/// What packets a table sees.
package enum TableFamily: String, CaseIterable, Hashable, Sendable {
  /// IPv4 and IPv6.
  case inet
  /// Frames between the ports of bridges.
  case bridge
}
