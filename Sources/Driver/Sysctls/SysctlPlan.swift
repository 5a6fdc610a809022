package import Host
package import Lowering

/// What is to be done to the kernel's settings for a policy, and in which order.
///
/// What opens the host comes after the rules, what closes it before them: so ``withdrawals`` are
/// made first, then the rules are loaded, then ``changes`` are made.
package struct SysctlPlan: Hashable, Sendable {
  /// Settings of ours that the policy needs no longer, to be put back in this order.
  package let withdrawals: [SysctlRecord]
  /// Settings to make, in this order.
  package let changes: [SysctlRecord]
  /// Settings of interfaces (or of a family) that are not there now.
  package let missing: [SysctlSetting]
  /// All that the policy needs, with what is put back when it does not any longer.
  package let required: [SysctlRecord]
  /// What is ours once the plan was carried out.
  package let ledger: [SysctlRecord]
  /// The settings of single interfaces among what the policy needs, there or not: for
  /// ``DeferredSysctls``, since an interface that goes may come again.
  package let ofInterfaces: [SysctlSetting]

  /// - Parameters:
  ///   - settings: What the policy needs: see `requiredSysctls`.
  ///   - ledger: What is ours now.
  ///   - advertised: The interfaces with a default route from router advertisements.
  package init(
    _ settings: [SysctlSetting], ledger: [SysctlRecord], store: SysctlStore,
    advertised: [String]
  ) throws(HostError) {
    let needed = try Self.withAdvertisements(settings, advertised, store)
    var draft = Draft()
    for setting in needed { try draft.add(setting, ledger: ledger, store: store) }
    let names = Set(needed.map(\.name))
    withdrawals = ledger.reversed().filter { !names.contains($0.name) }
    changes = draft.changes
    missing = draft.missing
    required = draft.required
    self.ledger = draft.required.filter { $0.before != nil }
    ofInterfaces = draft.ofInterfaces
  }

  /// Adds `accept_ra=2` for interfaces that would lose their route when IPv6 forwarding goes on.
  private static func withAdvertisements(
    _ settings: [SysctlSetting], _ advertised: [String], _ store: SysctlStore
  ) throws(HostError) -> [SysctlSetting] {
    guard let forwarding = settings.firstIndex(where: { $0.name == ipv6Forwarding }),
      try store.valueIfPresent(of: ipv6Forwarding) == "0"
    else { return settings }
    let known = Set(settings.map(\.name))
    let more = advertised.map { interface in
      SysctlSetting(
        name: "net/ipv6/conf/\(interface)/accept_ra", value: "2",
        reason: "its default route comes from router advertisements")
    }.filter { !known.contains($0.name) }
    return settings[..<forwarding] + more + settings[forwarding...]
  }

  static let ipv6Forwarding = "net/ipv6/conf/all/forwarding"

  private struct Draft {
    var changes: [SysctlRecord] = []
    var missing: [SysctlSetting] = []
    var required: [SysctlRecord] = []
    var ofInterfaces: [SysctlSetting] = []

    mutating func add(
      _ setting: SysctlSetting, ledger: [SysctlRecord], store: SysctlStore
    ) throws(HostError) {
      let own = ledger.first { $0.name == setting.name }
      let found = try store.valueIfPresent(of: setting.name)
      if DeferredSysctls.interface(of: setting.name) != nil, !setting.isDeclined(by: found) {
        ofInterfaces.append(setting)
      }
      guard let current = found else {
        missing.append(setting)
        let later = try DeferredSysctls.laterValue(of: setting.name, in: store)
        return required.append(
          SysctlRecord(name: setting.name, value: setting.value, before: own?.before ?? later))
      }
      if setting.isMet(by: current) {
        // Ours stays ours: what was before the first change is what goes back in the end.
        let isOurs = own?.value == current
        return required.append(
          SysctlRecord(
            name: setting.name, value: setting.value, before: isOurs ? own?.before : nil,
            companions: isOurs ? own?.companions ?? [] : []))
      }
      let change = SysctlRecord(
        name: setting.name, value: setting.value, before: current,
        companions: try companions(of: setting.name, in: store))
      changes.append(change)
      required.append(change)
    }
  }
}

extension SysctlSetting {
  /// Whether a value does what is needed.
  fileprivate func isMet(by current: String) -> Bool {
    // To the kernel a switch is on with any number but 0.
    current == value || (value == "1" && current != "0") || isDeclined(by: current)
  }

  /// Whoever takes no advertisements has no route to lose, and does not want to begin.
  fileprivate func isDeclined(by current: String?) -> Bool {
    name.hasSuffix("/accept_ra") && current == "0"
  }
}

/// The settings that the kernel changes by itself along with one.
///
/// Switching forwarding for all sets it for each interface, and for those to come; for IPv4 it also
/// sets whether redirects are accepted (devinet.c, addrconf.c).
private func companions(
  of name: String, in store: SysctlStore
) throws(HostError) -> [SysctlRecord.Companion] {
  let folder: String
  var names: [String] = []
  switch name {
  case "net/ipv4/ip_forward":
    folder = "net/ipv4/conf"
    names = ["\(folder)/all/accept_redirects"]
  case SysctlPlan.ipv6Forwarding: folder = "net/ipv6/conf"
  default: return []
  }
  var result: [SysctlRecord.Companion] = []
  for interface in try store.interfaces(below: folder) where interface != "all" {
    names.append("\(folder)/\(interface)/forwarding")
  }
  for name in names {
    // Most are 0, which is what they become again without our help.
    if let value = try store.valueIfPresent(of: name),
      value != "0" || name.hasSuffix("accept_redirects")
    {
      result.append(SysctlRecord.Companion(name: name, value: value))
    }
  }
  return result
}
