import Diagnostics
import NetworkTypes
import Syntax

extension Diagnostic {
  static func duplicateSetting(
    _ name: String, at span: SourceSpan, first: SourceSpan, removal: TextEdit?
  ) -> Diagnostic {
    Diagnostic(
      .settingDuplicate, "\(name) stands twice", at: span,
      notes: [Note("the first is here", at: first)],
      fixIts: removal.map { [FixIt("remove the second", edits: [$0])] } ?? [])
  }

  static func missingAttachment(_ name: Identifier) -> Diagnostic {
    Diagnostic(
      .attachmentMissing, "network `\(name.text)` has no bridge or other attachment", at: name.span,
      notes: [Note("say `bridge`, `macvlan`, `ipvlan`, `openvswitch` or `interface`")])
  }

  static func guestsWithoutMAC(_ names: [Sourced<String>], at span: SourceSpan) -> Diagnostic {
    let subject = names.count == 1 ? "`\(names[0].value)` has" : "\(names.count) guests have"
    return Diagnostic(
      .antispoofNoMac, "\(subject) no `mac`, so only addresses are checked, not who sends them",
      at: span, notes: names.prefix(3).map { Note("`\($0.value)` is here", at: $0.span) })
  }

  static func listAroundSubnet(
    _ subnet: Sourced<AddressPrefix>, _ entry: Sourced<AddressRange>
  ) -> Diagnostic {
    Diagnostic(
      .subnetUplink, "`\(entry.value)` of a list lets the containers of `\(subnet.value)` in too",
      at: subnet.span, notes: [Note("the list's entry is here", at: entry.span)])
  }

  static func missingLinkSubnet(_ name: Sourced<String>) -> Diagnostic {
    Diagnostic(
      .subnetMissing, "`\(name.value)` needs a `subnet`, or guests with addresses", at: name.span)
  }

  static func missingSubnet(_ name: Sourced<String>) -> Diagnostic {
    Diagnostic(.subnetMissing, "`\(name.value)` needs a `subnet`", at: name.span)
  }

  static func narrowSubnet(_ subnet: Sourced<AddressPrefix>) -> Diagnostic {
    Diagnostic(
      .subnetSmall, "`\(subnet.value)` is too small for `serve ra`; hosts need a /64",
      at: subnet.span)
  }

  static func pointlessWhenInternal(
    _ setting: String, at span: SourceSpan, internal place: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .flowNoPath, "`\(setting)` has no effect: the network has no path to or from the world",
      at: span, notes: [Note("`internal` is here", at: place)])
  }

  static func privateSubnet(
    _ subnet: Sourced<AddressPrefix>, _ network: Sourced<String>
  ) -> Diagnostic {
    Diagnostic(
      .subnetPrivate,
      "`\(subnet.value)` is private, and `\(network.value)` has neither `masquerade` nor `internal`",
      at: subnet.span,
      notes: [Note("where others route it to this host, `direct access off` says so")])
  }

  static func serviceNeedsGateway(_ span: SourceSpan, _ network: Sourced<String>) -> Diagnostic {
    Diagnostic(
      .serveNoAddress, "the host has no address in `\(network.value)` to serve on", at: span)
  }

  static func serviceNeedsIPv6(_ span: SourceSpan, _ network: Sourced<String>) -> Diagnostic {
    Diagnostic(
      .serveNoAddress, "`ra` announces an IPv6 subnet; `\(network.value)` has none", at: span)
  }

  static func silentNetwork(_ network: Network, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .iccNoAllow, "no container of `\(network.name.value)` may talk to another", at: span,
      notes: [
        Note("if that is meant, `deny \(network.name.value) -> \(network.name.value)` says so")
      ])
  }

  static func subnetOverlap(
    _ inner: Sourced<AddressPrefix>, _ name: Sourced<String>, _ outer: Sourced<AddressPrefix>,
    _ other: Sourced<String>
  ) -> Diagnostic {
    Diagnostic(
      .subnetOverlap,
      "`\(inner.value)` of `\(name.value)` lies in `\(outer.value)` of `\(other.value)`",
      at: inner.span, notes: [Note("`\(outer.value)` is here", at: outer.span)])
  }

  static func tinySubnet(_ subnet: Sourced<AddressPrefix>) -> Diagnostic {
    Diagnostic(
      .subnetSmall, "`\(subnet.value)` has no room for a gateway and containers", at: subnet.span)
  }

  static func unenforceable(
    _ setting: String, _ reason: String, at span: SourceSpan
  ) -> Diagnostic {
    Diagnostic(.enforceAttachment, "\(setting) cannot be enforced: \(reason)", at: span)
  }

  static func unenforceableFlow(_ network: Sourced<String>, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .enforceAttachment,
      "this cannot be enforced: frames of `\(network.value)` pass the host's rules by", at: span,
      notes: [Note("`\(network.value)` is declared here", at: network.span)])
  }

  static func unenforceablePublish(
    _ target: Identifier, _ network: Sourced<String>
  ) -> Diagnostic {
    Diagnostic(
      .enforceAttachment,
      "`\(target.text)` cannot be published: frames of `\(network.value)` pass the host's rules by",
      at: target.span, notes: [Note("`\(network.value)` is declared here", at: network.span)])
  }

  static func unenforceableWithin(_ network: Sourced<String>, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .enforceAttachment,
      "this cannot be enforced: the host does not see what goes on inside `\(network.value)`",
      at: span, notes: [Note("`\(network.value)` is declared here", at: network.span)])
  }
}
