import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Resolves a network's settings, addresses and guests; its traffic lines come later.
  mutating func resolveNetwork(_ index: Int) {
    var settings = SettingPlaces()
    let statements = draft.networks[index].settings
    for statement in statements { resolvePlace(statement, of: index, &settings) }
    for statement in statements { resolveSetting(statement, of: index, &settings) }
    resolveGuests(of: index)
    finishSubnets(of: index)
    for case .masquerade(let node) in statements { resolveMasquerade(node, of: index) }
    for case .snat(let name, let address, let span) in statements {
      resolveSourceNAT(name, address, span, of: index)
    }
    if settings.attachment == nil, !draft.networks[index].isDamaged {
      log.add(.missingAttachment(draft.networks[index].name))
    }
  }

  /// Resolves what the network is and where it lies.
  private mutating func resolvePlace(
    _ statement: Statement, of index: Int, _ settings: inout SettingPlaces
  ) {
    switch statement {
    case .attachment(let node):
      guard isFirst(&settings.attachment, "the attachment", node.span) else { return }
      resolveAttachment(node, of: index)
    case .subnet(let prefixes, _):
      for prefix in prefixes { resolveSubnet(prefix, of: index) }
    case .gateway(let addresses, _):
      for address in addresses { resolveGateway(address, of: index) }
    case .pool(let ranges, _):
      for range in ranges { resolvePool(range, of: index) }
    case .masquerade, .snat, .icc, .isolation, .internal, .directAccess, .serve, .antispoof,
      .guest, .publish, .access, .malformed:
      break
    }
  }

  /// Resolves the settings that stand once.
  private mutating func resolveSetting(
    _ statement: Statement, of index: Int, _ settings: inout SettingPlaces
  ) {
    switch statement {
    case .icc(let value, let span):
      guard isFirst(&settings.icc, "`icc`", span) else { return }
      draft.policy.networks[index].icc = Setting(value.value, at: span)
    case .isolation(let level, let span):
      guard isFirst(&settings.isolation, "`isolation`", span) else { return }
      draft.policy.networks[index].isolation = Setting(isolation(level.value), at: span)
    case .internal(let span):
      guard isFirst(&settings.internal, "`internal`", span) else { return }
      draft.policy.networks[index].internalSpan = span
    case .directAccess(let value, _, let span):
      guard isFirst(&settings.directAccess, "`direct access`", span) else { return }
      draft.policy.networks[index].directAccess = Setting(value.value, at: span)
    case .antispoof(let value, let span):
      guard isFirst(&settings.antispoof, "`antispoof`", span) else { return }
      draft.policy.networks[index].antispoof = Setting(value.value, at: span)
    case .serve(let names, _):
      for name in names { resolveServed(name, of: index) }
    case .attachment, .subnet, .gateway, .pool, .masquerade, .snat, .guest, .publish, .access,
      .malformed:
      break
    }
  }

  private func isolation(_ level: IsolationLevel) -> Isolation {
    switch level {
    case .on: .on
    case .strict: .strict
    case .off: .off
    }
  }

  /// Whether a setting stands for the first time; says so if not.
  mutating func isFirst(_ place: inout SourceSpan?, _ name: String, _ span: SourceSpan) -> Bool {
    if let first = place {
      let isSame = files.text(first) == files.text(span)
      let removal = isSame ? files.removal(of: span) : nil
      log.add(.duplicateSetting(name, at: span, first: first, removal: removal))
      return false
    }
    place = span
    return true
  }

  private mutating func resolveServed(_ name: Identifier, of index: Int) {
    let declared = symbols.services[name.text]
    let kind: ServedService.Kind
    if let builtIn = ServedService.Kind(word: name.text) {
      if let declared, !builtIn.agrees(with: draft.services[declared].matches) {
        let span = draft.services[declared].declaration.name.span
        return log.add(.ambiguousServed(name, declared: span))
      }
      if let declared { use(service: declared, at: name.span) }
      kind = builtIn
    } else if let declared {
      use(service: declared, at: name.span)
      kind = .custom(draft.services[declared].matches)
    } else {
      let words = ["dhcp", "dns", "ntp", "ra", "tftp"]
      return reportUnknown(name, .servedService, Array(symbols.services.keys) + words)
    }
    let served = ServedService(kind: kind, span: name.span)
    let isNew = !draft.policy.networks[index].served.contains { $0.kind == kind }
    if isNew { draft.policy.networks[index].served.append(served) }
  }
}

/// Where the settings of one network stand.
private struct SettingPlaces {
  var attachment: SourceSpan?
  var icc: SourceSpan?
  var isolation: SourceSpan?
  var `internal`: SourceSpan?
  var directAccess: SourceSpan?
  var antispoof: SourceSpan?
}

extension ServedService.Kind {
  /// The service that a word of `serve` names.
  init?(word: String) {
    switch word {
    case "dhcp": self = .dhcp
    case "dns": self = .dns
    case "tftp": self = .tftp
    case "ra": self = .routerAdvertisement
    case "ntp": self = .ntp
    default: return nil
    }
  }

  /// Whether a declared service of the same name says no more than the word already means.
  func agrees(with matches: [ServiceMatch]) -> Bool {
    let ports: [(TransportProtocol, PortRange)]
    switch self {
    case .dhcp: ports = [(.udp, PortRange(67)), (.udp, PortRange(547))]
    case .dns: ports = [(.tcp, PortRange(53)), (.udp, PortRange(53))]
    case .tftp: ports = [(.udp, PortRange(69))]
    case .ntp: ports = [(.udp, PortRange(123))]
    case .routerAdvertisement, .custom: return false
    }
    return matches.allSatisfy { match in
      guard case .ports(let transport, let ranges) = match else { return false }
      return ranges.allSatisfy { range in ports.contains { $0 == (transport, range) } }
    }
  }
}
