/// Who can reach what, as one page that needs nothing else: a picture, and the tables.
package struct ExposurePage: Sendable {
  package let text: String

  package init(_ report: ExposureReport) {
    var page = PageText()
    page.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    page.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    page.element("title", "Exposure of \(report.policy)")
    page.markup("\n<style>\n\(PageStyle.text)\n</style>\n</head>\n<body>\n")
    page.element("h1", "Exposure of \(report.policy)")
    page.markup("\n")
    page.element("p", Self.introduction)
    page.markup("\n" + ExposurePicture(report).text)
    page.markup(
      "<p class=\"key\"><span class=\"in\">&#8594; published or open to the world</span>"
        + "<span class=\"inside\">&#8594; between networks</span>"
        + "<span class=\"out\">&#8674; to the world</span></p>\n")
    for section in ExposureText.sections {
      let flows = report.flows.filter { $0.place == section.place }
      if !flows.isEmpty { Self.write(section.title, flows, &page) }
    }
    for name in report.unseen {
      page.element(
        "p", "network \(name): its traffic does not pass the host, whose rules cannot judge it")
      page.markup("\n")
    }
    page.markup("</body>\n</html>\n")
    text = page.text
  }

  private static let introduction = """
    Every new connection that the rules of this policy let through. Answers follow. Rules of \
    others, on this host or elsewhere, may let through less.
    """

  private static func write(_ title: String, _ flows: [FlowRecord], _ page: inout PageText) {
    let isPublished = flows.contains { $0.target != nil }
    var labels = ["From", "To", "Service"]
    if isPublished { labels.append("Leads to") }
    labels += ["IP", "By"]
    page.element("h2", title)
    page.markup("\n<table>\n<thead><tr>")
    for label in labels { page.element("th", label) }
    page.markup("</tr></thead>\n<tbody>\n")
    for flow in flows {
      var cells = [
        flow.from.joined(separator: ", "), flow.to.joined(separator: ", "),
        ExposureText.service(flow),
      ]
      if isPublished { cells.append(flow.target ?? "") }
      cells += [flow.familyDigits, flow.decision]
      page.markup("<tr>")
      for (label, cell) in zip(labels, cells) {
        let style = label == "By" || label == "IP" ? " class=\"\(label.lowercased())\"" : ""
        page.markup("<td data-label=\"\(label)\"\(style)>")
        page.plain(cell)
        page.markup("</td>")
      }
      page.markup("</tr>\n")
    }
    page.markup("</tbody>\n</table>\n")
  }
}
