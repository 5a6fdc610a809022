import Diagnostics

extension PolicyDraft {
  /// Settings about the way to and from the world in a network that has none.
  func checkInternalNetworks(_ log: inout DiagnosticLog) {
    for network in policy.networks {
      guard let span = network.internalSpan, network.attachment.isSeenByHost else { continue }
      for masquerade in network.masquerades {
        log.add(.pointlessWhenInternal("masquerade", at: masquerade.span, internal: span))
      }
      for rewrite in network.sourceNATs {
        log.add(.pointlessWhenInternal("snat", at: rewrite.span, internal: span))
      }
      if network.directAccess.value, let setting = network.directAccess.span {
        log.add(.pointlessWhenInternal("direct access on", at: setting, internal: span))
      }
    }
  }
}
