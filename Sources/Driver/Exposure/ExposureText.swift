/// Who can reach what, as tables for a terminal.
package struct ExposureText: Sendable {
  package private(set) var text = ""
  private let isColored: Bool

  package init(_ report: ExposureReport, isColored: Bool = false) {
    self.isColored = isColored
    for section in Self.sections {
      let flows = report.flows.filter { $0.place == section.place }
      guard !flows.isEmpty else { continue }
      write(section.title, flows, isPublished: section.place == "published")
    }
    if report.flows.isEmpty { text += "Nothing can be reached.\n" }
    for name in report.unseen {
      text += "\nnetwork \(name): its traffic does not pass the host, whose rules cannot judge it\n"
    }
  }

  /// The kinds of place, in the order in which they are shown.
  static let sections = [
    (place: "published", title: "Published on the host"),
    (place: "network", title: "Networks and containers, by their own addresses"),
    (place: "host", title: "The host itself"),
    (place: "world", title: "The world"),
  ]

  private mutating func write(_ title: String, _ flows: [FlowRecord], isPublished: Bool) {
    if !text.isEmpty { text += "\n" }
    text += styled(title, "1") + "\n"
    var table = FlowTable(
      isPublished
        ? ["FROM", "TO", "SERVICE", "LEADS TO", "IP", "BY"] : ["FROM", "TO", "SERVICE", "IP", "BY"])
    for flow in flows {
      var cells = [
        flow.from.joined(separator: ", "), flow.to.joined(separator: ", "), Self.service(flow),
      ]
      if isPublished { cells.append(flow.target ?? "") }
      table.append(cells + [flow.familyDigits, flow.decision])
    }
    let lines = table.text(indent: "  ")
    text += styled(lines[0], "2") + "\n"
    for line in lines.dropFirst() { text += line + "\n" }
  }

  static func service(_ flow: FlowRecord) -> String {
    (flow.services + flow.conditions.map { "within \($0)" }).joined(separator: ", ")
  }

  private func styled(_ line: String, _ code: String) -> String {
    isColored ? "\u{1B}[\(code)m\(line)\u{1B}[0m" : line
  }
}
