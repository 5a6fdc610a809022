package import HeaderSpace
import Netfilter

/// What changes for connections, as data. Fields are only ever added within one `version`.
package struct FlowDifferenceReport: Encodable, Sendable {
  package let version = 1
  package let before: String
  package let after: String
  /// Whether every connection comes to the same.
  package let same: Bool
  package let opened: [FlowRecord]
  package let closed: [FlowRecord]
  package let changed: [Change]

  /// Connections that are made before and after, but otherwise.
  package struct Change: Encodable, Sendable {
    package let after: FlowRecord
    package let before: Terms
  }

  /// What became of them before.
  package struct Terms: Encodable, Sendable {
    package let target: String?
    package let conditions: [String]
    package let seenSource: String?
    package let location: String?
  }

  /// - Parameter isWanted: which changes are told.
  package init(
    _ difference: FlowDifference, from before: String, to after: String,
    where isWanted: (FlowChange) -> Bool = { _ in true }
  ) {
    self.before = before
    self.after = after
    let changes = difference.changes.filter(isWanted)
    same = changes.isEmpty
    opened = changes.filter { $0.kind == .opened }.map { FlowRecord($0.row) }
    closed = changes.filter { $0.kind == .closed }.map { FlowRecord($0.row) }
    changed = changes.compactMap { change in
      change.before.map { before in
        Change(
          after: FlowRecord(change.row),
          before: Terms(
            target: before.target, conditions: before.conditions, seenSource: before.seenSource,
            location: before.reason?.origin?.location))
      }
    }
  }
}
