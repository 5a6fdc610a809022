package import Netfilter

/// The steps, in order, that make one state of our tables the other; the kernel takes all or none.
package struct Plan: Hashable, Sendable {
  package var operations: [Operation]

  package init(_ operations: [Operation] = []) { self.operations = operations }

  /// Whether there is nothing to be done.
  package var isEmpty: Bool { operations.isEmpty }
}

/// One change to one object.
package enum Operation: Hashable, Sendable {
  /// Adds the table, empty; no error where it stands already.
  case addTable(KernelTable)
  case deleteTable(TableFamily, name: String)
  /// Adds the chain, empty.
  case addChain(TablePath, KernelChain)
  case deleteChain(TablePath, name: String)
  /// Adds the set, empty.
  case addSet(TablePath, KernelSet)
  case deleteSet(TablePath, name: String)
  /// Adds elements to the set; `KernelSet.elements` holds those to be added.
  case addElements(TablePath, KernelSet)
  /// Deletes elements by their keys; `KernelSet.elements` holds those to be deleted.
  case deleteElements(TablePath, KernelSet)
  case addRule(TablePath, chain: String, KernelRule, RulePlace)
  case deleteRule(TablePath, chain: String, handle: UInt64)
}

/// A table by its family and name.
package struct TablePath: Hashable, Sendable {
  package let family: TableFamily
  package let name: String

  package init(_ family: TableFamily, _ name: String) {
    self.family = family
    self.name = name
  }
}

/// Where in its chain a rule goes.
package enum RulePlace: Hashable, Sendable {
  case last
  case before(handle: UInt64)
}
