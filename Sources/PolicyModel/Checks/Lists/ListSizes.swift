import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Lists so large that the kernel takes seconds to load them.
  func checkListSizes(_ log: inout DiagnosticLog) {
    for (index, list) in policy.lists.enumerated() where list.addresses.ranges.count > 65535 {
      log.add(.largeList(lists[index].declaration.name, list.addresses.ranges.count))
    }
  }
}
