import Netfilter
import NetworkTypes

extension Evaluator {
  /// Whether there is room in a rate for one packet more, which is taken.
  mutating func counts(
    _ limit: Limit, _ condition: Int, _ place: RulePlace, _ packet: Packet
  ) -> Truth {
    guard let meter = limit.perSourceMeter else {
      return Truth(memory.take(limit, ruleKey(place, condition)))
    }
    guard measures(meter, packet.family, place) else { return .no }
    return Truth(
      memory.take(limit, .source(table: place.table, rule: 0, meter: meter, packet.source)))
  }

  /// Whether the packet's connection is one too many.
  mutating func isOver(
    _ count: UInt32, perSource: Bool, _ meter: String, _ condition: Int, _ place: RulePlace,
    _ journey: Journey
  ) -> Truth {
    guard
      let tuple = journey.tracking.membership?.connection.original ?? FlowTuple(journey.packet)
    else { return .no }
    let key: Memory.CounterKey
    if !perSource {
      key = ruleKey(place, condition)
    } else if hooks.set(meter, in: place.table) == nil {
      key = .ruleSource(
        table: place.table, chain: place.chain, rule: place.rule, journey.packet.source)
    } else {
      guard measures(meter, journey.packet.family, place) else { return .no }
      key = .source(table: place.table, rule: 1, meter: meter, journey.packet.source)
    }
    return Truth(memory.count(tuple, key) > Int(count))
  }

  private func ruleKey(_ place: RulePlace, _ condition: Int) -> Memory.CounterKey {
    .rule(table: place.table, chain: place.chain, rule: place.rule, condition: condition)
  }

  /// Whether the meter counts sources of the family; one that is no set of the table does.
  private func measures(_ meter: String, _ family: AddressFamily, _ place: RulePlace) -> Bool {
    guard let index = hooks.set(meter, in: place.table),
      case .meter(let own) = program.tables[place.table].sets[index].content
    else { return true }
    return own == family
  }
}
