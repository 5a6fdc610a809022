import Diagnostics

/// What is in force, for people.
package struct StatusText: Sendable {
  package private(set) var text = ""

  /// - Parameters:
  ///   - before: The report before this one, for rates.
  ///   - seconds: How long ago that was.
  package init(_ report: StatusReport, before: StatusReport? = nil, seconds: Double = 0) {
    writeState(report)
    writeCounters(report, before, seconds)
    writeDenials(report)
  }

  private mutating func writeCounters(
    _ report: StatusReport, _ before: StatusReport?, _ seconds: Double
  ) {
    guard !report.counters.isEmpty else { return }
    let rates = before.map { Self.rates(report, $0, seconds) }
    let rows = report.counters.enumerated().map { index, counter in
      [
        "\(counter.packets)", "\(counter.bytes)", rates.map { $0[index] },
        counter.location ?? "-", counter.purpose,
      ].compactMap { $0 }
    }
    let titles = ["packets", "bytes", rates == nil ? nil : "per second", "line", ""]
    writeTable([titles.compactMap { $0 }] + rows, numbers: rates == nil ? 2 : 3)
  }

  private mutating func writeDenials(_ report: StatusReport) {
    if let reason = report.deniedUnread { line("denied: \(reason)") }
    guard !report.denied.isEmpty else { return }
    let rows = report.denied.map { flow in
      let port = flow.port.map { " port \($0)" } ?? ""
      return ["\(flow.logged)", "\(flow.protocol) \(flow.source) -> \(flow.destination)\(port)"]
    }
    writeTable([["logged", "denied"]] + rows, numbers: 1)
  }

  private mutating func writeState(_ report: StatusReport) {
    if let applied = report.applied {
      let names = applied.policies.isEmpty ? "nothing" : applied.policies.joined(separator: ", ")
      let doubt = applied.confirmed ? "" : ", not confirmed yet"
      line("applied: \(names), \(applied.time), through \(applied.backend)\(doubt)")
    } else {
      line("applied: no record")
    }
    if !report.loaded { line("loaded: nothing of ours") }
    guard let drift = report.drift else { return }
    if drift.same {
      line("drift: none, compared with \(drift.policy)")
    } else {
      let noun = drift.changedObjects == 1 ? "rule or element differs" : "rules and elements differ"
      line("drift: \(drift.changedObjects) \(noun) from \(drift.policy); see `bridgeward diff`")
    }
    for object in drift.foreign { line("drift: changed by somebody else: \(object)") }
  }

  private static func rates(
    _ report: StatusReport, _ before: StatusReport, _ seconds: Double
  ) -> [String] {
    let old = Dictionary(
      before.counters.map { ("\($0.location ?? "") \($0.purpose)", $0.packets) }
    ) { first, _ in first }
    return report.counters.map { counter in
      let last = old["\(counter.location ?? "") \(counter.purpose)"] ?? counter.packets
      // Rules that were loaded anew count from 0.
      let packets = counter.packets >= last ? counter.packets - last : counter.packets
      return seconds > 0 ? "\(Int((Double(packets) / seconds).rounded()))" : "0"
    }
  }

  private mutating func writeTable(_ rows: [[String]], numbers: Int) {
    var widths = rows.first.map { $0.map { _ in 0 } } ?? []
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    line("")
    for row in rows {
      var cells: [String] = []
      for (column, cell) in row.enumerated() {
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        cells.append(column < numbers ? gap + cell : cell + gap)
      }
      var text = cells.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      line(text)
    }
  }

  private mutating func line(_ line: String) { text += VisibleText.escaped(line) + "\n" }
}
