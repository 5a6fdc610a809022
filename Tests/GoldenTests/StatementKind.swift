import Syntax

/// A kind of line of the language: the corpus has at least one of each.
enum StatementKind: String, CaseIterable, Sendable {
  case language, include, uplink, list, service, network, access, `default`, expect, publish, on
  case logDenied, sysctl, mssClamp
  case bridge, macvlan, ipvlan, openvswitch, interface
  case subnet, gateway, pool, masquerade, snat, icc, isolation, `internal`, directAccess, serve
  case antispoof, container, vm, memberPublish, memberAccess

  /// The kinds of `declarations` and of what stands in them.
  static func kinds(in declarations: [Declaration]) -> Set<StatementKind> {
    declarations.reduce(into: []) { $0.formUnion(kinds(of: $1)) }
  }

  private static func kinds(of declaration: Declaration) -> Set<StatementKind> {
    switch declaration {
    case .language: [.language]
    case .include: [.include]
    case .uplink: [.uplink]
    case .list: [.list]
    case .service: [.service]
    case .network(let node): Set([.network] + node.statements.compactMap(kind))
    case .access: [.access]
    case .default: [.default]
    case .expect: [.expect]
    case .publish: [.publish]
    case .on(_, let inner, _): kinds(in: inner).union([.on])
    case .logDenied: [.logDenied]
    case .sysctl: [.sysctl]
    case .mssClamp: [.mssClamp]
    case .malformed: []
    }
  }

  private static func kind(of statement: Statement) -> StatementKind? {
    switch statement {
    case .attachment(let node): kind(of: node)
    case .subnet: .subnet
    case .gateway: .gateway
    case .pool: .pool
    case .masquerade: .masquerade
    case .snat: .snat
    case .icc: .icc
    case .isolation: .isolation
    case .internal: .internal
    case .directAccess: .directAccess
    case .serve: .serve
    case .antispoof: .antispoof
    case .guest(let node): node.kind == .vm ? .vm : .container
    case .publish: .memberPublish
    case .access: .memberAccess
    case .malformed: nil
    }
  }

  private static func kind(of attachment: AttachmentStatement) -> StatementKind {
    switch attachment {
    case .bridge: .bridge
    case .macvlan: .macvlan
    case .ipvlan: .ipvlan
    case .openvswitch: .openvswitch
    case .interface: .interface
    }
  }
}
