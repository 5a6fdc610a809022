import Diagnostics
import Syntax

extension PolicyDraft {
  /// Networks that publish and have nobody to publish.
  func checkPublishersWithoutGuests(_ log: inout DiagnosticLog) {
    for network in networks {
      var publish: SourceSpan?
      var hasGuest = false
      for statement in network.declaration.statements {
        switch statement {
        case .publish(let node): publish = publish ?? node.span
        case .guest: hasGuest = true
        case .attachment, .subnet, .gateway, .pool, .masquerade, .snat, .icc, .isolation,
          .internal, .directAccess, .serve, .antispoof, .access, .malformed:
          break
        }
        if hasGuest { break }
      }
      if let publish, !hasGuest {
        log.add(.publisherWithoutGuests(network.declaration.name, publish: publish))
      }
    }
  }
}
