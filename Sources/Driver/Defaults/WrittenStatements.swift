import Diagnostics
import Syntax

/// What the files say in so many words, found by place.
struct WrittenStatements {
  private var networks: [SourceSpan: NetworkDeclaration] = [:]
  private var publishes: [SourceSpan: PublishStatement] = [:]
  private var accesses: [SourceSpan: AccessStatement] = [:]
  private(set) var hasSysctl = false
  /// The files without a `language` line, by index.
  private(set) var filesWithoutLanguage: [UInt32] = []

  init(_ trees: [SyntaxTree]) {
    for tree in trees {
      for declaration in tree.declarations { add(declaration) }
      let namesLanguage = tree.declarations.contains {
        if case .language = $0 { true } else { false }
      }
      if !namesLanguage { filesWithoutLanguage.append(tree.source.file) }
    }
  }

  /// The statements of the network whose name stands at `name`.
  func statements(ofNetworkNamed name: SourceSpan) -> [Statement] {
    networks[name]?.statements ?? []
  }

  func publish(at span: SourceSpan) -> PublishStatement? { publishes[span] }
  func access(at span: SourceSpan) -> AccessStatement? { accesses[span] }

  private mutating func add(_ declaration: Declaration) {
    switch declaration {
    case .network(let node): add(node)
    case .publish(let node): publishes[node.span] = node
    case .access(let node), .default(let node): accesses[node.span] = node
    case .on(_, let inner, _): for declaration in inner { add(declaration) }
    case .sysctl: hasSysctl = true
    case .language, .include, .uplink, .list, .service, .expect, .logDenied, .mssClamp,
      .malformed:
      break
    }
  }

  private mutating func add(_ network: NetworkDeclaration) {
    networks[network.name.span] = network
    for statement in network.statements {
      switch statement {
      case .publish(let node): publishes[node.span] = node
      case .access(let node): accesses[node.span] = node
      case .attachment, .subnet, .gateway, .pool, .masquerade, .snat, .icc, .isolation,
        .internal, .directAccess, .serve, .antispoof, .guest, .malformed:
        break
      }
    }
  }
}
