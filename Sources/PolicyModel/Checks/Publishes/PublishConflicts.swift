import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Publishes that claim the same port, found in one sweep over sorted keys: on the same host
  /// address an error, on every address and on one of them an error unless the target is the same.
  ///
  /// A port is the host's in translated families only: in routed ones each container has its own.
  func checkPublishConflicts(_ traits: [NetworkTraits], _ log: inout DiagnosticLog) {
    let keys = PublishKey.sorted(policy.publishes)
    let translated = traits.map(\.translated)
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
      let publish = policy.publishes[index]
      if publish.hostPorts == AutomaticPort.unknown { continue }
      let families = publish.familySet.intersection(translated[publish.network])
      if let other = widest.reaching(into: publish, families) { report(index, other, &log) }
      widest.extend(by: publish, families, index)
    }
    if hasSpecific { checkWildcards(keys, translated, &log) }
    checkRoutedConflicts(translated, &log)
  }

  /// Publishes of one container's own port, where that is routed: the second says nothing more.
  private func checkRoutedConflicts(_ translated: [FamilySet], _ log: inout DiagnosticLog) {
    guard translated.contains(where: { $0 != .both }) else { return }
    let routed = policy.publishes.indices.filter { index in
      let publish = policy.publishes[index]
      return !publish.familySet.isSubset(of: translated[publish.network])
        && publish.hostPorts != AutomaticPort.unknown
    }
    let keys = routed.map { RoutedKey(policy.publishes[$0], $0) }.sorted { $0.order < $1.order }
    var widest = Widest()
    for (place, key) in keys.enumerated() {
      if place == 0 || !key.isAtSameContainer(as: keys[place - 1]) { widest = Widest() }
      let publish = policy.publishes[key.publish]
      let families = publish.familySet.subtracting(translated[publish.network])
      if let other = widest.reaching(into: publish, families) { report(key.publish, other, &log) }
      widest.extend(by: publish, families, key.publish)
    }
  }

  private func report(_ one: Int, _ two: Int, _ log: inout DiagnosticLog) {
    let isLater = (policy.publishes[one].span, one) > (policy.publishes[two].span, two)
    let (later, first) = isLater ? (one, two) : (two, one)
    let guest = guestName(policy.publishes[first])
    log.add(
      .publishConflict(
        policy.publishes[later], at: portSpan(of: later), policy.publishes[first],
        at: portSpan(of: first), guest))
  }

  private func checkWildcards(
    _ keys: [PublishKey], _ translated: [FamilySet], _ log: inout DiagnosticLog
  ) {
    let cover = WildcardCover(keys, policy.publishes, translated)
    for key in keys where !key.isWildcard {
      let specific = policy.publishes[Int(key.publish)]
      guard let family = specific.families.first,
        let index = cover.publish(over: specific.hostPorts, specific.transport, family)
      else { continue }
      let wildcard = policy.publishes[index]
      let isSame = (wildcard.network, wildcard.guest) == (specific.network, specific.guest)
      log.add(
        .wildcardOverlap(
          specific, at: portSpan(of: Int(key.publish)), wildcard: portSpan(of: index),
          guestName(wildcard), isSame: isSame))
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

  mutating func extend(by publish: Publish, _ families: FamilySet, _ index: Int) {
    let upper = publish.hostPorts.upper
    if families.contains(.ipv4), upper >= ipv4?.upper ?? 0 { ipv4 = (index, upper) }
    if families.contains(.ipv6), upper >= ipv6?.upper ?? 0 { ipv6 = (index, upper) }
  }

  /// A publish that reaches into the ports of `publish` in one of the families.
  func reaching(into publish: Publish, _ families: FamilySet) -> Int? {
    let lower = publish.hostPorts.lower
    if families.contains(.ipv4), let ipv4, ipv4.upper >= lower { return ipv4.index }
    if families.contains(.ipv6), let ipv6, ipv6.upper >= lower { return ipv6.index }
    return nil
  }
}

/// Where a publish of a container's own port stands among all.
private struct RoutedKey {
  /// Protocol, network, container and first port.
  let order: (UInt8, Int, Int, UInt16)
  let publish: Int

  init(_ publish: Publish, _ index: Int) {
    order = (
      publish.transport.number, publish.network, publish.guest, publish.hostPorts.lower
    )
    self.publish = index
  }

  func isAtSameContainer(as other: RoutedKey) -> Bool {
    (order.0, order.1, order.2) == (other.order.0, other.order.1, other.order.2)
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

  init(_ keys: [PublishKey], _ publishes: [Publish], _ translated: [FamilySet]) {
    for key in keys where key.isWildcard {
      let publish = publishes[Int(key.publish)]
      let families = publish.familySet.intersection(translated[publish.network])
      for family in families.families { append(publish, Int(key.publish), family) }
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
