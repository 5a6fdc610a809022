import Diagnostics
import Syntax

/// An `include` line that counts for the chosen host.
struct IncludeLine {
  let pattern: Identifier
  let span: SourceSpan

  /// The `include` lines of `declarations`, those in `on` parts of `host` too, in order.
  static func all(in declarations: [Declaration], host: String?) -> [IncludeLine] {
    declarations.flatMap { declaration -> [IncludeLine] in
      switch declaration {
      case .include(let pattern, let span): [IncludeLine(pattern: pattern, span: span)]
      case .on(let hosts, let inner, _):
        hosts.contains { $0.text == host } ? all(in: inner, host: host) : []
      case .language, .uplink, .list, .service, .network, .access, .default, .expect, .publish,
        .logDenied, .sysctl, .mssClamp, .malformed:
        []
      }
    }
  }
}

/// One file that an `include` line asks for.
struct IncludeRequest {
  let pattern: Identifier
  let span: SourceSpan
  let path: String

  init(_ line: IncludeLine, path: String) {
    pattern = line.pattern
    span = line.span
    self.path = path
  }
}
