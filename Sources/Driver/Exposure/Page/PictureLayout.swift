/// Where the parts of the picture stand. Units are those of its view box.
struct PictureLayout {
  /// A rectangle.
  struct Frame {
    let x: Int
    let y: Int
    let width: Int
    let height: Int
  }

  /// A network with the guests that are shown.
  struct PlacedNetwork {
    let name: String
    let frame: Frame
    let guests: [(name: String, y: Int)]
    /// How many are not shown.
    let rest: (words: String, y: Int)?
  }

  static let width = 540
  private static let rowHeight = 20
  /// Of few networks more guests are shown than of many.
  private static func mostGuests(_ networks: Int) -> Int { networks <= 6 ? 12 : 5 }
  static let left = 330
  private static let mostNetworks = 16

  let networks: [PlacedNetwork]
  /// How many networks are not shown.
  let rest: (words: String, y: Int)?
  let height: Int
  private let places: [String: (x: Int, y: Int)]
  private let owners: [String: Int]
  private let inside: Set<String>

  init(_ report: ExposureReport, chips: Int) {
    var placed: [PlacedNetwork] = []
    var y = 10
    let named = Self.namedGuests(report)
    let mostGuests = Self.mostGuests(report.networks.count)
    for network in report.networks.prefix(Self.mostNetworks) {
      placed.append(Self.placed(network, mostGuests, named, at: y))
      y += (placed.last?.frame.height ?? 0) + 14
    }
    networks = placed
    let missing = report.networks.count - placed.count
    rest = missing > 0 ? ("and \(missing) more networks", y + 8) : nil
    if missing > 0 { y += 20 }
    height = max(y + 20, 92 + chips * 28, 150)
    var places: [String: (x: Int, y: Int)] = [:]
    var owners: [String: Int] = [:]
    for (index, network) in placed.enumerated() {
      places[network.name] = (network.frame.x, network.frame.y + 14)
      owners[network.name] = index
      for guest in network.guests {
        places["\(network.name).\(guest.name)"] = (network.frame.x, guest.y)
        owners["\(network.name).\(guest.name)"] = index
      }
      guard let rest = network.rest else { continue }
      for guest in report.networks[index].guests
      where places["\(network.name).\(guest.name)"] == nil {
        places["\(network.name).\(guest.name)"] = (network.frame.x, rest.y)
        owners["\(network.name).\(guest.name)"] = index
      }
    }
    self.places = places
    self.owners = owners
    inside = Set(report.networks.map(\.name)).union(["host"])
  }

  /// The guests that some way begins or ends at.
  private static func namedGuests(_ report: ExposureReport) -> Set<String> {
    var result: Set<String> = []
    for flow in report.flows {
      result.formUnion(flow.from + flow.to)
      if let target = flow.target { result.insert(String(target.prefix { $0 != ":" })) }
    }
    return result
  }

  /// If not all guests are shown, those that are named come first.
  private static func placed(
    _ network: ExposureReport.Network, _ most: Int, _ named: Set<String>, at y: Int
  ) -> PlacedNetwork {
    let isNamed = { (guest: ExposureReport.Guest) in named.contains("\(network.name).\(guest.name)")
    }
    let order =
      network.guests.count <= most
      ? network.guests
      : network.guests.filter(isNamed) + network.guests.filter { !isNamed($0) }
    let shown = order.prefix(most)
    let guests = shown.enumerated().map { ($1.name, y + 36 + $0 * rowHeight) }
    let missing = network.guests.count - shown.count
    let rest: (String, Int)? =
      missing > 0 ? ("and \(missing) more", y + 36 + shown.count * rowHeight) : nil
    let rows = shown.count + (missing > 0 ? 1 : 0)
    return PlacedNetwork(
      name: network.name, frame: Frame(x: left, y: y, width: 140, height: 34 + rows * rowHeight),
      guests: guests, rest: rest)
  }

  var world: Frame { Frame(x: 6, y: 10, width: 66, height: height - 20) }
  /// Below it is a lane for what leaves.
  var host: Frame { Frame(x: 132, y: 10, width: 144, height: height - 44) }
  /// The height of that lane.
  var laneY: Int { height - 20 }
  var rightEdge: Int { 470 }

  func chip(_ index: Int) -> Frame { Frame(x: 140, y: 38 + index * 28, width: 128, height: 22) }

  /// The height at which a way to or from the world ends there.
  func worldY(_ y: Int) -> Int { min(max(y, world.y + 10), world.y + world.height - 10) }

  /// The words, networks that are told together as those that are shown.
  func expanded(_ words: [String]) -> [String] {
    words.flatMap { word -> [String] in
      guard word.hasPrefix(Self.everyNetwork) else { return [word] }
      let left = word.split(separator: "(except ").dropFirst().first?.dropLast() ?? ""
      let others = Set(left.split(separator: ", ").map(String.init))
      return networks.map(\.name).filter { !others.contains($0) }
    }
  }

  private static let everyNetwork = "every network"

  /// Where ways to a network or guest end; `X except …` is X.
  func place(_ name: String) -> (x: Int, y: Int)? { places[Self.plain(name)] }

  /// The network that is named, or that the guest is in.
  func network(of name: String) -> PlacedNetwork? {
    owners[Self.plain(name)].map { networks[$0] }
  }

  /// Whether the words name the host, a network or a guest.
  func isInside(_ words: String) -> Bool {
    let name = Self.plain(words)
    return inside.contains(name) || inside.contains(String(name.prefix { $0 != "." }))
      || words.hasPrefix("host ") || words.hasPrefix(Self.everyNetwork)
      || words.hasPrefix("guests of ")
  }

  private static func plain(_ words: String) -> String { String(words.prefix { $0 != " " }) }

  /// A name as long as its box is wide.
  static func fitted(_ name: String) -> String {
    name.count <= 17 ? name : String(name.prefix(16)) + "…"
  }
}
