import CNftnl
import KernelForm
import Netfilter

extension ExpressionObject {
  /// The expression as libnftnl has it.
  ///
  /// - Parameter table: whose sets the names are of.
  static func make(
    _ expression: Expression, in batch: borrowing Batch, of table: TablePath
  ) throws(NetlinkError) -> ExpressionObject {
    switch expression {
    case .meta(let key, let target): return try meta(key, into: target, from: nil)
    case .setMeta(let key, let source): return try meta(key, into: nil, from: source)
    case .payload(let base, let offset, let length, let target):
      let object = try payload(base, offset, length)
      object.set(NFTNL_EXPR_PAYLOAD_DREG, target)
      return object
    case .setPayload(let base, let offset, let length, let source, let checksum):
      let object = try payload(base, offset, length)
      object.setWrite(from: source, checksum)
      return object
    case .compare(let register, let comparison, let value):
      return try compare(register, comparison, value)
    case .range(let register, let inverted, let first, let last):
      return try range(register, inverted: inverted, first, last)
    case .bitwise(let source, let target, let mask, let xor):
      return try bitwise(from: source, into: target, mask: mask, xor: xor)
    case .lookup(let set, let key, let data, let inverted):
      let reference = batch.reference(to: set, of: table)
      return try lookup(reference, key, data, inverted: inverted)
    case .dynamicSet(let update, let set, let key, let timeout, let inner):
      let object = try dynamicSet(update, batch.reference(to: set, of: table), key, timeout)
      try object.addInner(inner.list, in: batch, of: table)
      return object
    case .immediate(let target, let value): return try immediate(target, value)
    case .verdict(let verdict): return try self.verdict(verdict)
    case .conntrack(let key, let direction, let target):
      return try conntrack(key, direction, into: target)
    case .fib(let result, let flags, let target): return try fib(result, flags, into: target)
    case .route(let key, let target): return try route(key, into: target)
    case .nat(let nat): return try self.nat(nat)
    case .masquerade(let flags, let first, let last): return try masquerade(flags, first, last)
    case .reject(let type, let code): return try reject(type, code)
    case .limit(let rate, let unit, let burst, let type, let flags):
      return try limit(rate, unit, burst, type, flags)
    case .connectionLimit(let count, let flags): return try connectionLimit(count, flags)
    case .log(let prefix, let level): return try log(prefix, level)
    case .counter(let packets, let bytes): return try counter(packets, bytes)
    case .extensionHeader(let operation, let type, let offset, let length, let flags, let target):
      let object = try extensionHeader(operation, type, offset, length)
      object.set(NFTNL_EXPR_EXTHDR_FLAGS, flags)
      object.set(NFTNL_EXPR_EXTHDR_DREG, target)
      return object
    case .setExtensionHeader(let operation, let type, let offset, let length, let source):
      let object = try extensionHeader(operation, type, offset, length)
      object.set(NFTNL_EXPR_EXTHDR_SREG, source)
      return object
    case .byteOrder(let source, let target, let operation, let length, let size):
      return try byteOrder(from: source, into: target, operation, length, size)
    case .other(let name):
      throw NetlinkError(
        .commit, errno: EOPNOTSUPP, message: "no rule of bridgeward has an expression '\(name)'")
    }
  }

  private func addInner(
    _ expressions: [Expression], in batch: borrowing Batch, of table: TablePath
  ) throws(NetlinkError) {
    guard expressions.count > 1 else {
      if let single = expressions.first {
        add(NFTNL_EXPR_DYNSET_EXPR, try Self.make(single, in: batch, of: table))
      }
      return
    }
    // NFT_DYNSET_F_EXPR tells a list from a single one.
    set(NFTNL_EXPR_DYNSET_FLAGS, NFT_DYNSET_F_EXPR.rawValue)
    for expression in expressions {
      add(NFTNL_EXPR_DYNSET_EXPRESSIONS, try Self.make(expression, in: batch, of: table))
    }
  }
}
