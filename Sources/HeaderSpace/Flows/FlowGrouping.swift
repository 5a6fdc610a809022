import NetworkTypes

/// Takes a function with labels apart into groups that are few and wide.
///
/// Each label and each class of senders is taken by itself: addresses on which they find the same
/// services are one group, and classes that find the same groups share them.
struct FlowGrouping {
  /// Where one label holds, for packets to the addresses of one part.
  private struct Entry {
    let part: Int
    let senders: Diagram
    var services: BoxList
  }

  private struct Key: Hashable {
    let services: Diagram
    let senders: SenderClass
  }

  private struct Whole: Hashable {
    let destinations: Destinations
    let services: Diagram
  }

  private let zones: AddressZones
  private var parts: [(function: Diagram, destinations: Destinations)] = []
  private var entries: [[Entry]] = []
  private var cellsOf: [Diagram: [(label: Int, senders: Diagram)]] = [:]

  init(_ zones: AddressZones) { self.zones = zones }

  /// The groups of `diagram`, in an order that depends on nothing but the function.
  mutating func groups(_ diagram: Diagram, _ space: inout FlowSpace) -> [FlowGroup] {
    collectParts(diagram, space)
    for index in parts.indices { collectEntries(index, &space) }
    return entries.indices.flatMap { groups(label: $0, &space) }
  }

  private mutating func collectParts(_ diagram: Diagram, _ space: FlowSpace) {
    var numbers: [Diagram: Int] = [:]
    for isLocal in [false, true] {
      let half = space.store.descend(diagram, HeaderField.local, isLocal ? 1 : 0)
      for branch in space.store.branches(half, HeaderField.destination) {
        if let label = branch.child.constant, label < FlowLabel.first { continue }
        let number = numbers[branch.child] ?? parts.count
        if number == parts.count {
          numbers[branch.child] = number
          parts.append((branch.child, Destinations()))
        }
        if isLocal {
          parts[number].destinations.local.append(branch.interval)
        } else {
          parts[number].destinations.others.append(branch.interval)
        }
      }
    }
  }

  private mutating func collectEntries(_ part: Int, _ space: inout FlowSpace) {
    var own: [Diagram: [(label: Int, entry: Int)]] = [:]
    for transport in space.store.branches(parts[part].function, HeaderField.transport) {
      for port in space.store.branches(transport.child, HeaderField.port) {
        let places = own[port.child] ?? newEntries(part, port.child, &space)
        own[port.child] = places
        for place in places {
          entries[place.label][place.entry].services.append(
            [transport.interval, port.interval], .yes)
        }
      }
    }
  }

  /// An entry for each label of `cell`.
  private mutating func newEntries(
    _ part: Int, _ cell: Diagram, _ space: inout FlowSpace
  ) -> [(label: Int, entry: Int)] {
    cells(cell, &space).map { label, senders in
      while entries.count <= label { entries.append([]) }
      entries[label].append(
        Entry(
          part: part, senders: senders,
          services: BoxList(fields: [HeaderField.transport, HeaderField.port])))
      return (label, entries[label].count - 1)
    }
  }

  private mutating func cells(
    _ cell: Diagram, _ space: inout FlowSpace
  ) -> [(label: Int, senders: Diagram)] {
    if let known = cellsOf[cell] { return known }
    let labels = space.store.values(cell).filter { $0 >= FlowLabel.first }
    let result = labels.map { label in
      (label, space.store.mapped(cell) { $0.constant == label ? .yes : .no })
    }
    cellsOf[cell] = result
    return result
  }

  private func groups(label: Int, _ space: inout FlowSpace) -> [FlowGroup] {
    var found: [Key: Destinations] = [:]
    var order: [Key] = []
    for key in keys(label, &space) {
      if found[key.key] == nil { order.append(key.key) }
      found[key.key, default: Destinations()].add(parts[key.part].destinations)
    }
    var wholes: [Whole: [SenderClass]] = [:]
    var wholeOrder: [Whole] = []
    for key in order {
      for destinations in (found[key] ?? Destinations()).byPlace(zones) {
        let whole = Whole(destinations: destinations, services: key.services)
        if wholes[whole] == nil { wholeOrder.append(whole) }
        wholes[whole, default: []].append(key.senders)
      }
    }
    return wholeOrder.map { whole in
      FlowGroup(
        label: label, destinations: whole.destinations, services: whole.services,
        senders: senders(wholes[whole] ?? [], &space))
    }
  }

  /// What each class of senders finds in each part.
  private func keys(_ label: Int, _ space: inout FlowSpace) -> [(part: Int, key: Key)] {
    let own = entries[label]
    let classes = SenderClasses(own.map(\.senders), space)
    var services: [[Int]: Diagram] = [:]
    var result: [(part: Int, key: Key)] = []
    var start = 0
    while start < own.count {
      var end = start
      while end < own.count, own[end].part == own[start].part { end += 1 }
      for number in classes.touched(by: own[start..<end].map(\.senders), &space) {
        let ways = classes.ways[number]
        for (rest, members) in Self.byRest(start..<end, own, ways, &space) {
          let known = services[members] ?? Self.services(members, own, &space)
          services[members] = known
          let key = Key(services: known, senders: SenderClass(ways: ways, rest: rest))
          result.append((own[start].part, key))
        }
      }
      start = end
    }
    return result
  }

  private static func byRest(
    _ range: Range<Int>, _ entries: [Entry], _ ways: [Interval], _ space: inout FlowSpace
  ) -> [(rest: Diagram, members: [Int])] {
    var result: [(rest: Diagram, members: [Int])] = []
    for index in range {
      let rest = space.store.descend(
        entries[index].senders, HeaderField.input, ways[0].lower)
      if rest == .no { continue }
      if let known = result.firstIndex(where: { $0.rest == rest }) {
        result[known].members.append(index)
      } else {
        result.append((rest, [index]))
      }
    }
    return result
  }

  private static func services(
    _ members: [Int], _ entries: [Entry], _ space: inout FlowSpace
  ) -> Diagram {
    members.reduce(Diagram.no) { result, index in
      let own = space.store.boxes(entries[index].services, else: .no)
      return space.store.either(result, own)
    }
  }

  private func senders(_ classes: [SenderClass], _ space: inout FlowSpace) -> Diagram {
    var byRest: [Diagram: [Interval]] = [:]
    var order: [Diagram] = []
    for sender in classes {
      if byRest[sender.rest] == nil { order.append(sender.rest) }
      byRest[sender.rest, default: []] += sender.ways
    }
    return order.reduce(Diagram.no) { result, rest in
      let ways = space.store.condition(HeaderField.input, (byRest[rest] ?? []).united)
      return space.store.either(
        result, space.store.masked(rest, by: ways, else: .no))
    }
  }
}

/// The ways in, those together that no condition of some tells apart.
private struct SenderClasses {
  /// The ways of each class; only classes that some condition holds for.
  let ways: [[Interval]]
  /// All of these ways, ascending, with the numbers of their classes.
  private let pieces: [(interval: Interval, number: Int)]

  init(_ conditions: [Diagram], _ space: FlowSpace) {
    var different: [Diagram] = []
    var seen: Set<Diagram> = []
    for condition in conditions where seen.insert(condition).inserted {
      different.append(condition)
    }
    var starts: Set<UInt128> = [0]
    for condition in different {
      for branch in space.store.branches(condition, HeaderField.input) {
        starts.insert(branch.interval.lower)
      }
    }
    let cuts = starts.sorted()
    var classes: [[Diagram]: Int] = [:]
    var result: [[Interval]] = []
    for (index, start) in cuts.enumerated() {
      let end = index + 1 < cuts.count ? cuts[index + 1] - 1 : space.interfaces.limit
      let signature = different.map { space.store.descend($0, HeaderField.input, start) }
      if signature.allSatisfy({ $0 == .no }) { continue }
      if let known = classes[signature] {
        result[known].append(Interval(start, end))
      } else {
        classes[signature] = result.count
        result.append([Interval(start, end)])
      }
    }
    ways = result
    pieces = result.enumerated().flatMap { number, intervals in
      intervals.map { ($0, number) }
    }.sorted { $0.interval.lower < $1.interval.lower }
  }

  /// The numbers of the classes for which one of the conditions holds, ascending.
  ///
  /// - Complexity: O(branches · log classes + classes found).
  func touched(by conditions: [Diagram], _ space: inout FlowSpace) -> [Int] {
    var found: Set<Int> = []
    for condition in conditions {
      for branch in space.store.branches(condition, HeaderField.input)
      where branch.child != .no {
        var (low, high) = (0, pieces.count)
        while low < high {
          let middle = (low + high) / 2
          if pieces[middle].interval.upper < branch.interval.lower {
            low = middle + 1
          } else {
            high = middle
          }
        }
        while low < pieces.count, pieces[low].interval.lower <= branch.interval.upper {
          found.insert(pieces[low].number)
          low += 1
        }
      }
    }
    return found.sorted()
  }
}
