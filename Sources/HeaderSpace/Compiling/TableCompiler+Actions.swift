import Netfilter
import NetworkTypes

extension TableCompiler {
  /// What an action does to packets that come to it.
  mutating func action(
    _ action: Action, of rule: Rule, _ space: inout FlowSpace
  ) -> Diagram {
    let reason = Reason(origin: rule.origin, comment: rule.comment)
    switch action {
    case .counter, .log, .clampMSS, .fixChecksum, .remember, .learnOutputInterface:
      return space.next
    case .setMark(let mark):
      var outcome = Outcome(.next)
      outcome.mark = mark.value & mark.mask
      outcome.markMask = mark.mask
      return space.outcomes.diagram(outcome)
    case .verdict(let verdict): return self.verdict(verdict, reason, &space)
    case .reject: return space.constant(.reject, reason)
    case .dispatch(let fields, let map): return dispatch(fields, map, &space)
    case .destinationNAT(let target): return translation(target, reason, &space)
    case .sourceNAT(let source):
      return rewriting(.addresses(source.addresses, ports: source.ports), &space)
    case .masquerade(let ports, _): return rewriting(.interface(ports: ports), &space)
    }
  }

  private func rewriting(_ source: SeenSource, _ space: inout FlowSpace) -> Diagram {
    var outcome = Outcome(.accept)
    outcome.source = space.outcomes.number(of: source)
    return space.outcomes.diagram(outcome)
  }

  mutating func verdict(
    _ verdict: Verdict, _ reason: Reason, _ space: inout FlowSpace
  ) -> Diagram {
    switch verdict {
    case .accept: return space.constant(.accept, reason)
    case .drop: return space.constant(.drop, reason)
    case .return: return space.constant(.back)
    case .jump(let name):
      let called = chain(name, &space)
      return space.changed(called) { $1.step == .back ? $1.going(.next) : $1 }
    case .goto(let name):
      let called = chain(name, &space)
      return space.changed(called) { $1.step == .next ? $1.going(.back) : $1 }
    }
  }
}

extension TableCompiler {
  /// Elements that decide alone become one wide function; those that lead to a chain are asked
  /// for chain by chain.
  private mutating func dispatch(
    _ fields: [KeyField], _ name: String, _ space: inout FlowSpace
  ) -> Diagram {
    guard let map = verdictMaps[name], let order = KeyOrder(fields, space.family) else {
      return space.next
    }
    var decided = BoxList(fields: order.fields)
    var chains: [Verdict: BoxList] = [:]
    var names: [Verdict] = []
    for element in map.elements {
      guard let box = order.box(element.key, self, &space) else { continue }
      switch element.verdict {
      case .accept, .drop, .return:
        let reason = Reason(origin: element.origin, comment: nil)
        decided.append(box, verdict(element.verdict, reason, &space))
      case .jump, .goto:
        if chains[element.verdict] == nil { names.append(element.verdict) }
        chains[element.verdict, default: BoxList(fields: order.fields)].append(box, .yes)
      }
    }
    var parts = [space.store.boxes(decided, else: space.next)]
    // Neighbors first, so that what is put together has few stretches.
    let called = names.compactMap { target in chains[target].map { (target, $0) } }.sorted {
      $0.1.start < $1.1.start
    }
    for (target, boxes) in called {
      let keys = space.store.boxes(boxes, else: .no)
      let called = verdict(target, Reason(origin: nil, comment: nil), &space)
      parts.append(space.store.masked(called, by: keys, else: space.next))
    }
    return space.sequence(of: parts[...])
  }
}

/// The fields of a map's keys in the order of diagrams.
struct KeyOrder {
  /// Ascending, each once.
  let fields: [Int]
  /// For each of them, its component in keys.
  private let components: [Int]

  /// `nil` where keys have addresses of another family.
  init?(_ key: [KeyField], _ family: AddressFamily) {
    var pairs: [(field: Int, component: Int)] = []
    for (component, field) in key.enumerated() {
      switch field {
      case .inputInterface: pairs.append((HeaderField.input, component))
      case .outputInterface: pairs.append((HeaderField.output, component))
      case .sourceAddress(let own):
        if own != family { return nil }
        pairs.append((HeaderField.source, component))
      case .destinationAddress(let own):
        if own != family { return nil }
        pairs.append((HeaderField.destination, component))
      case .transport: pairs.append((HeaderField.transport, component))
      case .destinationPort: pairs.append((HeaderField.port, component))
      }
    }
    pairs.sort { $0.field < $1.field }
    fields = pairs.map(\.field)
    components = pairs.map(\.component)
  }

  /// The values of a key, by field; `nil` where no packet has it.
  func box(
    _ key: ElementKey, _ table: TableCompiler, _ space: inout FlowSpace
  ) -> [Interval]? {
    var result: [Interval] = []
    result.reserveCapacity(components.count)
    for component in components {
      switch key[component] {
      case .interface(let name):
        guard let way = table.way(name, space) else { return nil }
        result.append(way)
      case .address(let address):
        guard address.family == space.family else { return nil }
        result.append(Interval(address.bits))
      case .transport(let transport): result.append(Interval(UInt128(transport.number)))
      case .ports(let ports):
        result.append(Interval(UInt128(ports.lower), UInt128(ports.upper)))
      }
    }
    return result
  }
}
