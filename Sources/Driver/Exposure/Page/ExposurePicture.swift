/// The networks and the open ways as a picture: the world on the left, the host's published ports
/// in the middle, the networks on the right.
struct ExposurePicture {
  private(set) var text = ""

  private let report: ExposureReport
  private let layout: PictureLayout
  private var drawn: Set<String> = []

  /// Published ports that are shown one by one; beyond, those of one target share a sign.
  private static let mostChips = 24

  init(_ report: ExposureReport) {
    self.report = report
    let chips = Self.chips(report)
    layout = PictureLayout(report, chips: chips.count)
    let height = layout.height
    text = "<svg viewBox=\"0 0 \(PictureLayout.width) \(height)\" role=\"img\">\n"
    element("title", "Networks and open ways")
    for kind in ["in", "inside", "out"] { writeHead(kind) }
    drawPlaces()
    drawOutgoing()
    drawInside()
    drawIncoming(chips)
    text += "</svg>\n"
  }

  private struct Chip {
    let words: String
    let senders: [String]
    let target: String
  }

  private static func chips(_ report: ExposureReport) -> [Chip] {
    let published = report.flows.filter { $0.place == "published" }
    if published.count <= mostChips {
      return published.map {
        Chip(words: short($0.services), senders: $0.from, target: guest($0.target ?? ""))
      }
    }
    var senders: [String: Set<String>] = [:]
    var counts: [String: Int] = [:]
    var order: [String] = []
    for flow in published {
      let name = guest(flow.target ?? "")
      let network = String(name.prefix { $0 != "." })
      if counts[network] == nil { order.append(network) }
      counts[network, default: 0] += 1
      senders[network, default: []].formUnion(flow.from)
    }
    let shown = order.prefix(mostChips).map { name in
      let count = counts[name] ?? 0
      return Chip(
        words: fitted("\(name): \(count) \(count == 1 ? "way" : "ways")"),
        senders: (senders[name] ?? []).sorted(), target: name)
    }
    let rest = order.dropFirst(mostChips)
    if rest.isEmpty { return shown }
    let more = Chip(
      words: "to \(rest.count) more", senders: Set(rest.flatMap { senders[$0] ?? [] }).sorted(),
      target: "")
    return shown + [more]
  }

  /// The name of a target without its port.
  private static func guest(_ target: String) -> String {
    String(target.prefix { $0 != ":" })
  }

  private static func short(_ services: [String]) -> String {
    fitted(services.joined(separator: ", "))
  }

  private static func fitted(_ words: String) -> String {
    words.count <= 17 ? words : String(words.prefix(16)) + "…"
  }

  private mutating func element(_ tag: String, _ words: String) {
    text += "<\(tag)>\(PageText.escaped(words))</\(tag)>\n"
  }

  private mutating func writeHead(_ kind: String) {
    text +=
      "<marker id=\"\(kind)\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" "
      + "markerHeight=\"6\" orient=\"auto\"><path class=\"head-\(kind)\" "
      + "style=\"stroke:none\" d=\"M0 0 8 4 0 8z\"/></marker>\n"
  }

  private mutating func label(_ x: Int, _ y: Int, _ words: String, _ style: String = "") {
    text +=
      "<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\">\(PageText.escaped(words))</text>\n"
  }

  private mutating func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ style: String) {
    text +=
      "<rect class=\"\(style)\" x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" "
      + "height=\"\(height)\" rx=\"6\"/>\n"
  }

  /// A way, with what passes told to whoever points at it; the same line once only.
  private mutating func way(_ kind: String, _ path: String, _ words: String) {
    guard drawn.insert(kind + path).inserted else { return }
    text +=
      "<path class=\"\(kind)\" marker-end=\"url(#\(kind))\" d=\"\(path)\">"
      + "<title>\(PageText.escaped(words))</title></path>\n"
  }
}

extension ExposurePicture {
  private mutating func drawPlaces() {
    let world = layout.world
    box(world.x, world.y, world.width, world.height, "box")
    // In a tall picture the middle is out of sight.
    let isTall = world.height > 400
    label(world.x + 12, world.y + (isTall ? 18 : world.height / 2 + 4), "world", "name")
    let host = layout.host
    box(host.x, host.y, host.width, host.height, "box")
    label(host.x + 10, host.y + 18, "host", "name")
    for network in layout.networks {
      let frame = network.frame
      box(frame.x, frame.y, frame.width, frame.height, "box")
      label(frame.x + 10, frame.y + 18, PictureLayout.fitted(network.name), "name")
      for guest in network.guests {
        label(frame.x + 18, guest.y + 4, PictureLayout.fitted(guest.name))
      }
      if let rest = network.rest { label(frame.x + 18, rest.y + 4, rest.words, "soft") }
    }
    if let rest = layout.rest { label(PictureLayout.left + 10, rest.y, rest.words, "soft") }
  }

  private mutating func drawIncoming(_ chips: [Chip]) {
    for (index, chip) in chips.enumerated() {
      let frame = layout.chip(index)
      let middle = frame.y + frame.height / 2
      let isOpen = chip.senders.contains { !layout.isInside($0) }
      if isOpen {
        let start = layout.world.x + layout.world.width
        way(
          "in", curve(start, layout.worldY(middle), frame.x - 2, middle),
          chip.senders.joined(separator: ", "))
      }
      box(frame.x, frame.y, frame.width, frame.height, isOpen ? "chip" : "chip own")
      label(frame.x + 8, middle + 4, chip.words)
      guard let target = layout.place(chip.target) else { continue }
      let words = "\(chip.words) to \(chip.target), from \(chip.senders.joined(separator: ", "))"
      way(
        isOpen ? "in" : "inside",
        curve(frame.x + frame.width, middle, target.x - 2, target.y), words)
    }
    for flow in report.flows where flow.place == "network" {
      guard flow.from.contains(where: { !layout.isInside($0) }) else { continue }
      for name in layout.expanded(flow.to) {
        guard let target = layout.place(name) else { continue }
        let start = layout.world.x + layout.world.width
        way(
          "in", curve(start, layout.worldY(target.y), target.x - 2, target.y),
          "\(flow.from.joined(separator: ", ")) to \(name): \(ExposureText.service(flow))")
      }
    }
  }

  /// Arcs on the right: who talks to whom within and between networks.
  private mutating func drawInside() {
    for flow in report.flows where flow.place == "network" {
      for sender in layout.expanded(flow.from) where sender != "host" {
        guard let from = layout.place(sender) else { continue }
        for name in layout.expanded(flow.to) where name != sender {
          guard let to = layout.place(name) else { continue }
          let edge = layout.rightEdge
          let bend = edge + 14 + min(60, abs(from.y - to.y) / 3)
          way(
            "inside", "M\(edge) \(from.y)C\(bend) \(from.y) \(bend) \(to.y) \(edge + 2) \(to.y)",
            "\(sender) to \(name): \(ExposureText.service(flow))")
        }
      }
    }
  }

  private mutating func drawOutgoing() {
    for flow in report.flows where flow.place == "world" {
      for sender in layout.expanded(flow.from) {
        guard let network = layout.network(of: sender) else { continue }
        let (x, y) = (network.frame.x, network.frame.y + network.frame.height - 8)
        let (end, lane) = (layout.world.x + layout.world.width + 2, layout.laneY)
        way(
          "out", "M\(x) \(y)C\(x - 46) \(y) \(x - 8) \(lane) \(x - 54) \(lane)L\(end) \(lane)",
          "\(sender) to \(flow.to.joined(separator: ", ")): \(ExposureText.service(flow))")
      }
    }
  }

  private func curve(_ x: Int, _ y: Int, _ endX: Int, _ endY: Int) -> String {
    let middle = (x + endX) / 2
    return "M\(x) \(y)C\(middle) \(y) \(middle) \(endY) \(endX) \(endY)"
  }
}
