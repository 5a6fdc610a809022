import CNftnl
import KernelForm
import Netfilter

extension Batch {
  /// Appends the messages of every operation of `plan`.
  ///
  /// - Throws: an error that names the operation's object, if it cannot be said to the kernel.
  mutating func append(_ plan: Plan) throws(NetlinkError) {
    for index in plan.operations.indices {
      let operation = plan.operations[index]
      do throws(NetlinkError) {
        try append(operation, index)
      } catch {
        throw NetlinkError(
          error.step, errno: error.errno, object: operation.object, origin: operation.origin,
          message: error.message)
      }
    }
  }

  private mutating func append(_ operation: Operation, _ index: Int) throws(NetlinkError) {
    switch operation {
    case .addTable(let table): try addTable(table, operation: index)
    case .deleteTable(let family, let name):
      try deleteTable(TablePath(family, name), operation: index)
    case .addChain(let path, let chain): try addChain(path, chain, operation: index)
    case .deleteChain(let path, let name): try deleteChain(path, name: name, operation: index)
    case .addSet(let path, let set): try addSet(path, set, operation: index)
    case .deleteSet(let path, let name): try deleteSet(path, name: name, operation: index)
    case .addElements(let path, let set):
      let reference = reference(to: set.name, of: path)
      ElementMessages(path, set, reference, deletes: false).append(to: &self, operation: index)
    case .deleteElements(let path, let set):
      let reference = reference(to: set.name, of: path)
      ElementMessages(path, set, reference, deletes: true).append(to: &self, operation: index)
    case .addRule(let path, let chain, let rule, let place):
      try addRule(path, chain: chain, rule, place, operation: index)
    case .deleteRule(let path, let chain, let handle):
      try deleteRule(path, chain: chain, handle: handle, operation: index)
    }
  }
}

extension Operation {
  /// The object that it is about, as nft calls it.
  var object: String {
    switch self {
    case .addTable(let table): "table \(table.family.rawValue) \(table.name)"
    case .deleteTable(let family, let name): "table \(family.rawValue) \(name)"
    case .addChain(_, let chain): "chain \(chain.name)"
    case .deleteChain(_, let name): "chain \(name)"
    case .addSet(_, let set): "\(set.noun) \(set.name)"
    case .deleteSet(_, let name): "set \(name)"
    case .addElements(_, let set), .deleteElements(_, let set):
      "element of \(set.noun) \(set.name)"
    case .addRule(_, let chain, _, _): "rule in chain \(chain)"
    case .deleteRule(_, let chain, _): "rule in chain \(chain)"
    }
  }

  /// The line that asked for it.
  var origin: Origin? {
    switch self {
    case .addSet(_, let set): set.origin
    case .addRule(_, _, let rule, _): rule.origin
    case .addTable, .deleteTable, .addChain, .deleteChain, .deleteSet, .addElements,
      .deleteElements, .deleteRule:
      nil
    }
  }

  /// The set whose elements it adds or deletes.
  var elements: ElementTable? {
    switch self {
    case .addElements(_, let set), .deleteElements(_, let set): set.elements
    case .addTable, .deleteTable, .addChain, .deleteChain, .addSet, .deleteSet, .addRule,
      .deleteRule:
      nil
    }
  }
}
