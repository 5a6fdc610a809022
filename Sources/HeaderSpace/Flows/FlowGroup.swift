import NetworkTypes

/// Connections that share what becomes of them: some senders, some destinations, some services,
/// each with each.
struct FlowGroup {
  let label: Int
  let destinations: Destinations
  /// A condition on protocol and port.
  let services: Diagram
  /// A condition on what says who sends: way in, source, source port, way out.
  let senders: Diagram
}

/// What is dialled.
struct Destinations: Hashable {
  /// Addresses of the host itself.
  var local: [Interval] = []
  /// Addresses of others.
  var others: [Interval] = []

  mutating func add(_ more: Destinations) {
    local += more.local
    others += more.others
  }

  /// The same as sorted intervals that are apart, by kind: the host, networks, the world. Of the
  /// loopback addresses, which the host alone dials, nothing where it finds the same on its other
  /// addresses.
  func byPlace(_ zones: AddressZones) -> [Destinations] {
    var result: [Destinations] = []
    if !local.isEmpty {
      let own = local.united
      let plain = AddressZones.common(own, [zones.loopback].complement(upTo: .max))
      result.append(Destinations(local: plain.isEmpty ? own : plain))
    }
    guard !others.isEmpty else { return result }
    let all = others.united
    for zone in [zones.allMembers, zones.world] {
      let part = AddressZones.common(all, zone)
      if !part.isEmpty { result.append(Destinations(others: part)) }
    }
    return result
  }
}

/// The labels of what is grouped that mean something to grouping.
enum FlowLabel {
  /// Not to be told.
  static let none = 0
  /// There is no such packet: whatever makes groups wider is right.
  static let absent = 1
  /// The first that is told.
  static let first = 2
}

/// Who sends: by some ways in, with what is asked of the packet besides.
struct SenderClass: Hashable {
  let ways: [Interval]
  let rest: Diagram
}
