import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Subnets in ranges that are set aside, by RFC, for something else.
  func checkAddressRanges(_ log: inout DiagnosticLog) {
    for (index, network) in policy.networks.enumerated() where !networks[index].hasDerivedSubnets {
      for subnet in network.subnets {
        for reserved in ReservedRange.all where reserved.range.overlaps(AddressRange(subnet.value))
        {
          log.add(.reservedRange(subnet, reserved))
        }
      }
    }
    checkDocumentation(&log)
  }

  /// One note for all, at the first place: examples are full of such addresses, and know it.
  private func checkDocumentation(_ log: inout DiagnosticLog) {
    let ranges = ReservedRange.documentation
    for network in policy.networks {
      for subnet in network.subnets where ranges.overlaps(AddressRange(subnet.value)) {
        return log.add(.documentationRange("\(subnet.value)", at: subnet.span))
      }
    }
    for list in lists {
      for entry in list.entries where ranges.overlaps(entry.value) {
        return log.add(.documentationRange("\(entry.value)", at: entry.span))
      }
    }
  }
}

/// A range with a special use that no subnet should cover.
struct ReservedRange {
  let range: AddressRange
  let use: String
  let severity: Severity

  private init(_ text: String, _ use: String, _ severity: Severity = .warning) {
    guard let prefix = AddressPrefix(text) else {
      preconditionFailure("invariant: the ranges below are well formed")
    }
    range = AddressRange(prefix)
    self.use = use
    self.severity = severity
  }

  /// IANA iana-ipv4-special-registry and iana-ipv6-special-registry, as far as subnets go.
  static let all = [
    ReservedRange("0.0.0.0/8", "means this host (RFC 1122)", .error),
    ReservedRange("127.0.0.0/8", "is the host itself (RFC 1122)", .error),
    ReservedRange("224.0.0.0/3", "is multicast and reserved (RFC 5771, RFC 1112)", .error),
    ReservedRange("100.64.0.0/10", "belongs to carriers (RFC 6598)"),
    ReservedRange("169.254.0.0/16", "is link-local (RFC 3927)"),
    ReservedRange("::/127", "is the host itself (RFC 4291)", .error),
    ReservedRange("ff00::/8", "is multicast (RFC 4291)", .error),
    ReservedRange("fe80::/10", "is link-local (RFC 4291)"),
  ]

  /// RFC 5737, RFC 3849 and RFC 9637.
  static let documentation = AddressSet(
    ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"]
      .compactMap { AddressPrefix($0) }.map { AddressRange($0) })
}
