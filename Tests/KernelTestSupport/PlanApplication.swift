package import KernelForm
import Netfilter

/// What the kernel makes of `ruleset` when it takes `plan`: each step is checked as the kernel
/// would, for what it needs and for what still refers to what it takes away.
package func apply(
  _ plan: Plan, to ruleset: KernelRuleset
) throws(RefusedOperation) -> KernelRuleset {
  var state = KernelState(ruleset)
  for operation in plan.operations { try state.take(operation) }
  return state.ruleset
}

/// A step that the kernel would not take.
package struct RefusedOperation: Error, CustomStringConvertible {
  package let description: String

  init(_ reason: String, _ operation: Operation) {
    description = "\(reason): \("\(operation)".prefix(300))"
  }
}

/// Our tables while a batch goes on.
private struct KernelState {
  private(set) var ruleset: KernelRuleset
  private var lastHandle: UInt64 = 0
  private var lastAnonymous = 0
  /// Names in the batch, and what the kernel calls the anonymous set.
  private var renamed: [String: String] = [:]

  init(_ ruleset: KernelRuleset) {
    self.ruleset = ruleset
    let rules = ruleset.tables.flatMap(\.chains).flatMap(\.rules)
    lastHandle = rules.compactMap(\.handle).max() ?? 0
    lastAnonymous = 1000 + rules.count
  }

  mutating func take(_ operation: KernelForm.Operation) throws(RefusedOperation) {
    switch operation {
    case .addTable(let table):
      if ruleset.tables.contains(where: { $0.path == table.path }) { return }
      ruleset.tables.append(table)
    case .deleteTable(let family, let name):
      let index = try tableIndex(TablePath(family, name), operation)
      ruleset.tables.remove(at: index)
    case .addChain(let path, let chain):
      let table = try tableIndex(path, operation)
      try require(
        !ruleset.tables[table].chains.contains { $0.name == chain.name }, "EEXIST", operation)
      try require(chain.rules.isEmpty, "a chain is added empty", operation)
      ruleset.tables[table].chains.append(chain)
    case .deleteChain(let path, let name):
      let table = try tableIndex(path, operation)
      let chain = try chainIndex(name, table, operation)
      try require(ruleset.tables[table].chains[chain].rules.isEmpty, "EBUSY", operation)
      try require(!ruleset.tables[table].chainsInUse.contains(name), "EBUSY", operation)
      ruleset.tables[table].chains.remove(at: chain)
    case .addSet(let path, let set): try add(set, to: path, operation)
    case .deleteSet(let path, let name):
      let table = try tableIndex(path, operation)
      let set = try setIndex(name, table, operation)
      try require(!ruleset.tables[table].setsInUse.contains(name), "EBUSY", operation)
      ruleset.tables[table].sets.remove(at: set)
    case .addElements(let path, let set): try addElements(of: set, to: path, operation)
    case .deleteElements(let path, let set): try deleteElements(of: set, from: path, operation)
    case .addRule(let path, let chain, let rule, let place):
      try add(rule, to: path, chain, place, operation)
    case .deleteRule(let path, let chain, let handle):
      try deleteRule(handle, from: path, chain, operation)
    }
  }

  private func require(
    _ condition: Bool, _ reason: String, _ operation: KernelForm.Operation
  ) throws(RefusedOperation) {
    if !condition { throw RefusedOperation(reason, operation) }
  }

  private func found(
    _ index: Int?, _ operation: KernelForm.Operation
  ) throws(RefusedOperation) -> Int {
    guard let index else { throw RefusedOperation("ENOENT", operation) }
    return index
  }

  private func tableIndex(
    _ path: TablePath, _ operation: KernelForm.Operation
  ) throws(RefusedOperation) -> Int {
    try found(ruleset.tables.firstIndex { $0.path == path }, operation)
  }

  private func chainIndex(
    _ name: String, _ table: Int, _ operation: KernelForm.Operation
  ) throws(RefusedOperation) -> Int {
    try found(ruleset.tables[table].chains.firstIndex { $0.name == name }, operation)
  }

  private func setIndex(
    _ name: String, _ table: Int, _ operation: KernelForm.Operation
  ) throws(RefusedOperation) -> Int {
    let name = renamed[name] ?? name
    return try found(ruleset.tables[table].sets.firstIndex { $0.name == name }, operation)
  }

  private mutating func add(
    _ set: KernelSet, to path: TablePath, _ operation: KernelForm.Operation
  ) throws(RefusedOperation) {
    let table = try tableIndex(path, operation)
    try require(set.elements.count == 0, "a set is added empty", operation)
    var set = set
    if set.flags.contains(.anonymous) {
      lastAnonymous += 1
      renamed[set.name] = "__set\(lastAnonymous)"
      set.name = "__set\(lastAnonymous)"
    }
    try require(
      !ruleset.tables[table].sets.contains { $0.name == set.name }, "EEXIST", operation)
    ruleset.tables[table].sets.append(set)
  }

  private mutating func addElements(
    of set: KernelSet, to path: TablePath, _ operation: KernelForm.Operation
  ) throws(RefusedOperation) {
    let table = try tableIndex(path, operation)
    let index = try setIndex(set.name, table, operation)
    var elements = ruleset.tables[table].sets[index].elements
    var values: [[UInt8]: String] = [:]
    for element in 0..<elements.count {
      values[elements.identity(element)] = elements.content(element)
    }
    let chains = Set(ruleset.tables[table].chains.map(\.name))
    for element in 0..<set.elements.count {
      // An element that is there already is passed over.
      let identity = set.elements.identity(element)
      if values[identity] == set.elements.content(element) { continue }
      try require(values[identity] == nil, "EEXIST", operation)
      values[identity] = set.elements.content(element)
      if !set.elements.verdicts.isEmpty, let chain = set.elements.verdicts[element].chain {
        try require(chains.contains(chain), "ENOENT", operation)
      }
      elements.append(elementAt: element, of: set.elements)
    }
    let size = Int(ruleset.tables[table].sets[index].size)
    try require(size == 0 || elements.count <= size, "ENFILE", operation)
    ruleset.tables[table].sets[index].elements = elements
  }

  private mutating func deleteElements(
    of set: KernelSet, from path: TablePath, _ operation: KernelForm.Operation
  ) throws(RefusedOperation) {
    let table = try tableIndex(path, operation)
    let index = try setIndex(set.name, table, operation)
    let elements = ruleset.tables[table].sets[index].elements
    var doomed = Set((0..<set.elements.count).map(set.elements.identity))
    var rest = ElementTable(keyLength: elements.keyLength, dataLength: elements.dataLength)
    for element in 0..<elements.count where doomed.remove(elements.identity(element)) == nil {
      rest.append(elementAt: element, of: elements)
    }
    try require(doomed.isEmpty, "ENOENT", operation)
    ruleset.tables[table].sets[index].elements = rest
  }

  private mutating func add(
    _ rule: KernelRule, to path: TablePath, _ chain: String, _ place: RulePlace,
    _ operation: KernelForm.Operation
  ) throws(RefusedOperation) {
    let table = try tableIndex(path, operation)
    let index = try chainIndex(chain, table, operation)
    var rule = rule.renamingSets(renamed)
    let sets = Set(ruleset.tables[table].sets.map(\.name))
    let chains = Set(ruleset.tables[table].chains.map(\.name))
    try require(sets.isSuperset(of: rule.usedSets), "ENOENT", operation)
    try require(chains.isSuperset(of: rule.usedChains), "ENOENT", operation)
    lastHandle += 1
    rule.handle = lastHandle
    switch place {
    case .last: ruleset.tables[table].chains[index].rules.append(rule)
    case .before(let handle):
      let rules = ruleset.tables[table].chains[index].rules
      let position = try found(rules.firstIndex { $0.handle == handle }, operation)
      ruleset.tables[table].chains[index].rules.insert(rule, at: position)
    }
  }

  private mutating func deleteRule(
    _ handle: UInt64, from path: TablePath, _ chain: String, _ operation: KernelForm.Operation
  ) throws(RefusedOperation) {
    let table = try tableIndex(path, operation)
    let index = try chainIndex(chain, table, operation)
    let rules = ruleset.tables[table].chains[index].rules
    let position = try found(rules.firstIndex { $0.handle == handle }, operation)
    let names = Set(rules[position].usedSets)
    ruleset.tables[table].chains[index].rules.remove(at: position)
    ruleset.tables[table].sets.removeAll {
      $0.flags.contains(.anonymous) && names.contains($0.name)
    }
  }
}
