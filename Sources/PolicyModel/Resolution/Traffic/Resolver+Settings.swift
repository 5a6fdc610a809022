import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Resolves what stands once for the whole policy.
  mutating func resolveSettings(_ table: DeclarationTable) {
    for name in table.uplinks {
      if let uplink = interface(name) { draft.policy.uplinks.append(uplink) }
    }
    var sysctl: SourceSpan?
    for (isManaged, span) in table.sysctls where isFirst(&sysctl, "`sysctl`", span) {
      draft.policy.managesSysctls = isManaged.value
    }
    var denied: SourceSpan?
    for (limit, span) in table.deniedLogs where isFirst(&denied, "`log denied`", span) {
      draft.policy.deniedLog = DeniedLog(limit: limit.flatMap { resolveLimit($0) }, span: span)
    }
    var clamp: SourceSpan?
    for (bytes, span) in table.clamps where isFirst(&clamp, "`mss clamp`", span) {
      draft.policy.mssClamp = resolveClamp(bytes).map { Sourced($0, at: span) }
    }
  }

  private mutating func resolveClamp(_ bytes: Sourced<String>?) -> MSSClamp? {
    guard let bytes else { return .pathMTU }
    guard let value = UInt16(bytes.value), value > 0 else {
      log.add(.clampSize(bytes))
      return nil
    }
    return .bytes(value)
  }
}
