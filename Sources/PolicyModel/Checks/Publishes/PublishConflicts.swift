import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Publishes that claim the same port, found in one sweep over sorted keys: on the same host
  /// address an error, on every address and on one of them an error unless the target is the same.
  func checkPublishConflicts(_ log: inout DiagnosticLog) {
    let keys = PublishKey.sorted(policy.publishes)
    var widest = Widest()
    var group: UInt64?
    var hasSpecific = false
    for key in keys {
      if key.group != group {
        group = key.group
        widest = Widest()
      }
      if !key.isWildcard { hasSpecific = true }
      let index = Int(key.publish)
      if policy.publishes[index].hostPorts == AutomaticPort.unknown { continue }
      if let other = overlap(of: index, with: widest) { report(index, other, &log) }
      widest.extend(by: policy.publishes[index], index)
    }
    if hasSpecific { checkWildcards(keys, &log) }
  }

  /// A publish before this one, of the same family, that reaches into its ports.
  private func overlap(of index: Int, with widest: Widest) -> Int? {
    let lower = policy.publishes[index].hostPorts.lower
    let families = policy.publishes[index].familySet
    if families.contains(.ipv4), let ipv4 = widest.ipv4, ipv4.upper >= lower { return ipv4.index }
    if families.contains(.ipv6), let ipv6 = widest.ipv6, ipv6.upper >= lower { return ipv6.index }
    return nil
  }

  private func report(_ one: Int, _ two: Int, _ log: inout DiagnosticLog) {
    let isLater = (policy.publishes[one].span, one) > (policy.publishes[two].span, two)
    let (later, first) = isLater ? (one, two) : (two, one)
    let guest = guestName(policy.publishes[first])
    log.add(.publishConflict(policy.publishes[later], policy.publishes[first], guest))
  }

  private func checkWildcards(_ keys: [PublishKey], _ log: inout DiagnosticLog) {
    let cover = WildcardCover(keys, policy.publishes)
    for key in keys where !key.isWildcard {
      let specific = policy.publishes[Int(key.publish)]
      guard let family = specific.families.first,
        let index = cover.publish(over: specific.hostPorts, specific.transport, family)
      else { continue }
      let wildcard = policy.publishes[index]
      let isSame = (wildcard.network, wildcard.guest) == (specific.network, specific.guest)
      log.add(.wildcardOverlap(specific, wildcard, guestName(wildcard), isSame: isSame))
    }
  }

  private func guestName(_ publish: Publish) -> String {
    policy.networks[publish.network].guests[publish.guest].name.value
  }
}

/// For each family, the publish whose ports reach furthest.
private struct Widest {
  private(set) var ipv4: (index: Int, upper: UInt16)?
  private(set) var ipv6: (index: Int, upper: UInt16)?

  mutating func extend(by publish: Publish, _ index: Int) {
    let upper = publish.hostPorts.upper
    if publish.familySet.contains(.ipv4), upper >= ipv4?.upper ?? 0 { ipv4 = (index, upper) }
    if publish.familySet.contains(.ipv6), upper >= ipv6?.upper ?? 0 { ipv6 = (index, upper) }
  }
}

/// Answers which publish on every address covers some ports.
private struct WildcardCover {
  private struct Entry {
    let transport: UInt8
    let lower: UInt16
    /// Of this entry and those before it, the one that reaches furthest.
    var widest: Int
    var reach: UInt16
  }

  private var entries: [AddressFamily: [Entry]] = [:]

  init(_ keys: [PublishKey], _ publishes: [Publish]) {
    for key in keys where key.isWildcard {
      let index = Int(key.publish)
      for family in publishes[index].families { append(publishes[index], index, family) }
    }
  }

  private mutating func append(_ publish: Publish, _ index: Int, _ family: AddressFamily) {
    var entry = Entry(
      transport: publish.transport.number, lower: publish.hostPorts.lower, widest: index,
      reach: publish.hostPorts.upper)
    if let last = entries[family]?.last, last.transport == entry.transport,
      last.reach >= entry.reach
    {
      (entry.widest, entry.reach) = (last.widest, last.reach)
    }
    entries[family, default: []].append(entry)
  }

  /// - Complexity: O(log n).
  func publish(
    over ports: PortRange, _ transport: TransportProtocol, _ family: AddressFamily
  ) -> Int? {
    guard let entries = entries[family] else { return nil }
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[middle]
      if (entry.transport, entry.lower) <= (transport.number, ports.upper) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low > 0, entries[low - 1].transport == transport.number,
      entries[low - 1].reach >= ports.lower
    else { return nil }
    return entries[low - 1].widest
  }
}
