extension KernelRuleset {
  /// The ruleset as if it stood in the kernel: every rule has a handle.
  package var numbered: KernelRuleset {
    var result = self
    var handle: UInt64 = 0
    for table in result.tables.indices {
      for chain in result.tables[table].chains.indices {
        for rule in result.tables[table].chains[chain].rules.indices {
          handle += 1
          result.tables[table].chains[chain].rules[rule].handle = handle
        }
      }
    }
    return result
  }

  /// The ruleset with comments that do not say which line of the policy asked for a rule or
  /// element: what is left differs only where packets are treated otherwise.
  ///
  /// - Complexity: linear in rules and elements.
  package var withoutLocations: KernelRuleset {
    var result = self
    for table in result.tables.indices {
      for set in result.tables[table].sets.indices {
        result.tables[table].sets[set].elements = tables[table].sets[set].elements.withoutLocations
      }
      for chain in result.tables[table].chains.indices {
        for rule in result.tables[table].chains[chain].rules.indices {
          guard let comment = result.tables[table].chains[chain].rules[rule].comment else {
            continue
          }
          let purpose = LocatedComment(Array(comment.utf8)[...]).purpose
          result.tables[table].chains[chain].rules[rule].comment =
            purpose.isEmpty ? nil : String(decoding: purpose, as: UTF8.self)
        }
      }
    }
    return result
  }
}

extension Plan {
  /// How many rules and elements the plan adds, and how many it takes away.
  package var sizes: (added: Int, removed: Int) {
    var result = (added: 0, removed: 0)
    for operation in operations {
      switch operation {
      case .addRule: result.added += 1
      case .deleteRule: result.removed += 1
      case .addElements(_, let set) where !set.flags.contains(.anonymous):
        result.added += set.elements.count
      case .deleteElements(_, let set): result.removed += set.elements.count
      case .addElements, .addTable, .deleteTable, .addChain, .deleteChain, .addSet, .deleteSet:
        continue
      }
    }
    return result
  }
}
