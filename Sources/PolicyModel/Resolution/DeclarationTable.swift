import Diagnostics
import Syntax

/// The declarations of all files by kind, each kind in the order of the source, `on` parts that
/// are not for this host left out.
struct DeclarationTable {
  struct List {
    let name: Identifier
    let entries: [PeerSyntax]
    let span: SourceSpan
  }

  struct Service {
    let name: Identifier
    let match: MatchSyntax
    let span: SourceSpan
  }

  /// One place where lines about traffic stand.
  enum Unit {
    case network(Int)
    case flow(FlowLine.Kind, AccessStatement)
    /// By its index in ``publishes``.
    case publish(Int)
  }

  private(set) var lists: [List] = []
  private(set) var services: [Service] = []
  private(set) var networks: [NetworkFacts] = []
  /// The `publish` lines outside of networks.
  private(set) var publishes: [PublishStatement] = []
  /// Networks and lines in the order of the source.
  private(set) var units: [Unit] = []
  private(set) var uplinks: [Identifier] = []
  private(set) var deniedLogs: [(limit: LimitSyntax?, span: SourceSpan)] = []
  private(set) var sysctls: [(isManaged: Sourced<Bool>, span: SourceSpan)] = []
  private(set) var clamps: [(bytes: Sourced<String>?, span: SourceSpan)] = []
  /// What the parser could not read, at the top level.
  private(set) var malformed: [SourceSpan] = []
  private var host: String?
  private var hostNames: [Identifier] = []

  init(_ trees: [SyntaxTree], host: String?, log: inout DiagnosticLog) {
    self.host = host
    for tree in trees {
      var version: SourceSpan?
      for declaration in tree.declarations { add(declaration, &version, &log) }
    }
    checkHost(&log)
  }

  private mutating func add(
    _ declaration: Declaration, _ version: inout SourceSpan?, _ log: inout DiagnosticLog
  ) {
    switch declaration {
    case .language(let text, let span):
      check(version: text, span, &version, &log)
    case .include: break
    case .malformed(let span): malformed.append(span)
    case .uplink(let names, _): uplinks += names
    case .list(let name, let entries, let span):
      lists.append(List(name: name, entries: entries, span: span))
    case .service(let name, let match, let span):
      services.append(Service(name: name, match: match, span: span))
    case .network(let node):
      units.append(.network(networks.count))
      networks.append(NetworkFacts(node))
    case .access(let node): units.append(.flow(.access, node))
    case .default(let node): units.append(.flow(.default, node))
    case .expect(let node): units.append(.flow(.expectation, node))
    case .publish(let node):
      units.append(.publish(publishes.count))
      publishes.append(node)
    case .on(let hosts, let body, _):
      hostNames += hosts
      guard let host, hosts.contains(where: { $0.text == host }) else { return }
      for inner in body { add(inner, &version, &log) }
    case .logDenied(let limit, let span): deniedLogs.append((limit, span))
    case .sysctl(let managed, let span): sysctls.append((managed, span))
    case .mssClamp(let bytes, let span): clamps.append((bytes, span))
    }
  }

  private func check(
    version: Sourced<String>, _ span: SourceSpan, _ first: inout SourceSpan?,
    _ log: inout DiagnosticLog
  ) {
    if let first { log.add(.languageTwice(at: span, first: first)) }
    first = first ?? span
    if version.value != "1" { log.add(.languageUnknown(version)) }
  }

  private func checkHost(_ log: inout DiagnosticLog) {
    guard let host, let first = hostNames.first, !hostNames.contains(where: { $0.text == host })
    else { return }
    var suggestion = NameSuggestion(for: host)
    for name in hostNames { suggestion.consider(name.text) }
    log.add(.unknownHost(host, suggestion: suggestion.best, at: first.span))
  }
}
