import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  mutating func resolveAttachment(_ node: AttachmentStatement, of index: Int) {
    switch node {
    case .bridge(let name, let ports, let span):
      let members = ports.compactMap { interface($0) }
      attach(.bridge(ports: members), name, span, to: index)
    case .macvlan(let parent, let mode, let span):
      guard let mode = macvlanMode(mode) else { return }
      attach(.macvlan(mode), parent, span, to: index)
    case .ipvlan(let parent, let mode, let span):
      guard let mode = ipvlanMode(mode) else { return }
      attach(.ipvlan(mode), parent, span, to: index)
    case .openvswitch(let name, let span): attach(.openvswitch, name, span, to: index)
    case .interface(let name, let span): attach(.interface, name, span, to: index)
    }
  }

  private mutating func attach(
    _ kind: Attachment.Kind, _ name: Identifier, _ span: SourceSpan, to index: Int
  ) {
    guard let interface = interface(name) else { return }
    draft.policy.networks[index].attachment = Attachment(
      kind: kind, interface: interface, span: span)
    draft.networks[index].hasAttachment = true
  }

  private mutating func macvlanMode(_ name: Identifier?) -> MacvlanMode? {
    guard let name else { return .bridge }
    if let mode = MacvlanMode(rawValue: name.text) { return mode }
    reportUnknown(name, .mode, MacvlanMode.allCases.map(\.rawValue))
    return nil
  }

  private mutating func ipvlanMode(_ name: Identifier?) -> IPVlanMode? {
    guard let name else { return .l2 }
    if let mode = IPVlanMode(rawValue: name.text) { return mode }
    reportUnknown(name, .mode, IPVlanMode.allCases.map(\.rawValue))
    return nil
  }

  /// Reads an interface name; says what is wrong.
  mutating func interface(_ name: Identifier) -> Sourced<InterfaceName>? {
    do throws(InterfaceName.Problem) {
      return Sourced(try InterfaceName(validating: name.text), at: name.span)
    } catch {
      log.add(.invalidInterface(name, error))
      return nil
    }
  }
}
