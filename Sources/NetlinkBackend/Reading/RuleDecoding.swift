import CNftnl
import KernelForm

extension KernelRule {
  /// Reads a rule; what is none of ours in it becomes ``Expression/other(name:)``.
  init(_ body: Nest, in bytes: Span<UInt8>) throws(NetlinkError) {
    var expressions: [Expression] = []
    if let list = body[NFTA_RULE_EXPRESSIONS] {
      expressions = try Expression.list(list, in: bytes)
    }
    // Half of an iptables rule: the expressions alone do not say what it does.
    if body.has(NFTA_RULE_COMPAT) { expressions.append(.other(name: "compat")) }
    self.init(
      expressions,
      comment: body[NFTA_RULE_USERDATA].flatMap { Userdata.comment($0.value, in: bytes) },
      handle: try body.uint64(NFTA_RULE_HANDLE, in: bytes))
  }
}

extension Expression {
  /// Reads a list of expressions, as rules and elements have it.
  static func list(
    _ attribute: Attribute, in bytes: Span<UInt8>
  ) throws(NetlinkError) -> [Expression] {
    var result: [Expression] = []
    var walk = AttributeWalk(attribute.value)
    while let item = try walk.next(in: bytes) {
      result.append(try expression(item, in: bytes))
    }
    return result
  }

  /// Reads one expression.
  static func expression(
    _ item: Attribute, in bytes: Span<UInt8>
  ) throws(NetlinkError) -> Expression {
    let parts = try Nest(item, in: bytes)
    guard let name = parts.string(NFTA_EXPR_NAME, in: bytes) else {
      throw .malformed("an expression without a name")
    }
    let body = try Nest(parts[NFTA_EXPR_DATA]?.value ?? 0..<0, in: bytes)
    let reader = ExpressionReader(name: name, body: body)
    return try reader.read(in: bytes) ?? .other(name: name)
  }
}
