import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Entries that another entry of the same list holds, found in one sweep.
  func checkListOverlaps(_ log: inout DiagnosticLog) {
    for list in lists where list.entries.count > 1 {
      let sorted = list.entries.sorted { left, right in
        if left.value.first != right.value.first { return left.value.first < right.value.first }
        if left.value.last != right.value.last { return left.value.last > right.value.last }
        return left.span < right.span
      }
      var widest = sorted[0]
      for entry in sorted.dropFirst() {
        if widest.value.contains(entry.value) {
          log.add(.containedEntry(entry, in: widest, files.removalFromList(entry.span)))
        } else if entry.value.last > widest.value.last {
          widest = entry
        }
      }
    }
  }
}
