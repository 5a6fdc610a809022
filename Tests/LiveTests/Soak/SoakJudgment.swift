/// What packets had to expect at the time that they were sent.
struct SoakJudgment {
  struct Count {
    var sent = 0
    var lost = 0
    var arrived = 0
  }

  /// When somebody else had changed our rules, and no `apply` had mended them.
  private(set) var windows: [SoakSpan]
  /// Packets outside of the windows, by flow.
  private(set) var judged: [String: Count] = [:]
  /// Packets inside.
  private(set) var excused: [String: Count] = [:]

  /// - Parameter operations: what we did, the earliest first.
  init(acts: [Adversary.Act], operations: [SoakOperation]) {
    let applies = operations.filter(\.mends)
    var opened = acts.filter(\.isOnOurs).map(\.span)
    windows = Self.windows(opened, closedBy: applies)
    // To go back to before a change is to go back to what others had made of the rules there, or to
    // what an earlier way back had brought.
    for operation in operations {
      guard let change = operation.undoes, windows.contains(where: { $0.meets(change) }) else {
        continue
      }
      opened.append(operation.span)
      windows = Self.windows(opened, closedBy: applies)
    }
  }

  /// Each lasts until the end of the first apply that began after it; those that meet are one.
  private static func windows(
    _ opened: [SoakSpan], closedBy applies: [SoakOperation]
  ) -> [SoakSpan] {
    var result: [SoakSpan] = []
    var next = 0
    for var window in opened.sorted(by: { $0.begin < $1.begin }) {
      while next < applies.count, applies[next].span.begin <= window.end { next += 1 }
      window.end = next < applies.count ? applies[next].span.end : SoakTime(.max)
      if let last = result.last, window.begin <= last.end {
        result[result.count - 1].end = max(last.end, window.end)
      } else {
        result.append(window)
      }
    }
    return result
  }

  mutating func judge(_ events: [Traffic.Event]) {
    for event in events {
      if isExcused(event.span) {
        excused[event.flow, default: Count()].add(event)
      } else {
        judged[event.flow, default: Count()].add(event)
      }
    }
  }

  private func isExcused(_ span: SoakSpan) -> Bool {
    var low = 0
    var high = windows.count
    while low < high {
      let middle = (low + high) / 2
      if windows[middle].end < span.begin { low = middle + 1 } else { high = middle }
    }
    return low < windows.count && windows[low].meets(span)
  }

  /// All packets, by flow.
  static func counts(_ events: [Traffic.Event]) -> [String: Count] {
    events.reduce(into: [:]) { $0[$1.flow, default: Count()].add($1) }
  }

  /// Packets of flows, together.
  static func total(_ counts: [String: Count], of flows: [String]) -> Count {
    flows.reduce(into: Count()) { total, flow in
      guard let count = counts[flow] else { return }
      total.sent += count.sent
      total.lost += count.lost
      total.arrived += count.arrived
    }
  }
}

extension SoakJudgment.Count {
  fileprivate mutating func add(_ event: Traffic.Event) {
    sent += 1
    if event.hasArrived { arrived += 1 } else { lost += 1 }
  }
}

/// Something that we did to the rules.
struct SoakOperation {
  enum Kind: String, CaseIterable {
    case apply, confirmed, undone, rollback, killed, diff
  }

  let kind: Kind
  var span: SoakSpan
  /// Whether the rules are those of a policy since its end, whatever they were at its start.
  var mends = false
  /// When the change was made that it goes back before.
  var undoes: SoakSpan?
}
