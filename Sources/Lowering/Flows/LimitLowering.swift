import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// The conditions that hold within `limit`, one list for each family that needs its own.
func limitMatches(
  _ limit: RateLimit, name: String, family: AddressFamily? = nil, into table: inout TableBuilder
) -> [[Match]] {
  func match(_ meter: String?) -> Match {
    .limit(
      Limit(
        count: limit.count, unit: unit(limit.unit), burst: limit.burst, perSourceMeter: meter))
  }
  guard limit.perSource else { return [[match(nil)]] }
  return meterFamilies(family).map { own in
    let meter = table.uniqueName("\(name)-rate\(own.rawValue)")
    table.add(NamedSet(meter, .meter(own)))
    return family == nil ? [.family(own), match(meter)] : [match(meter)]
  }
}

/// The conditions that hold beyond `limit`, one list for each family that needs its own.
func connectionMatches(
  _ limit: ConnectionLimit, name: String, family: AddressFamily? = nil,
  into table: inout TableBuilder
) -> [[Match]] {
  func match(_ meter: String) -> Match {
    .connectionsOver(count: limit.count, perSource: limit.perSource, meter: meter)
  }
  guard limit.perSource else { return [[match(table.uniqueName("\(name)-connections"))]] }
  return meterFamilies(family).map { own in
    let meter = table.uniqueName("\(name)-connections\(own.rawValue)")
    table.add(NamedSet(meter, .meter(own)))
    return family == nil ? [.family(own), match(meter)] : [match(meter)]
  }
}

private func meterFamilies(_ family: AddressFamily?) -> [AddressFamily] {
  family.map { [$0] } ?? AddressFamily.allCases
}

private func unit(_ unit: RateLimit.Unit) -> Limit.Unit {
  switch unit {
  case .second: .second
  case .minute: .minute
  case .hour: .hour
  case .day: .day
  }
}
