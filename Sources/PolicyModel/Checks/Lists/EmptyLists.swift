import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Lists that are used and hold nobody.
  func checkEmptyLists(_ log: inout DiagnosticLog) {
    for (index, list) in lists.enumerated() {
      guard let use = list.uses.first, !list.isDamaged, policy.lists[index].addresses.isEmpty
      else { continue }
      log.add(.emptyList(list.declaration.name, use: use))
    }
  }
}
