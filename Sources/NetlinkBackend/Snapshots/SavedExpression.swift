import CNftnl

/// An expression of a saved rule.
struct SavedExpression {
  private let item: Attribute
  private let name: String
  /// The parts to write one by one; `nil` where the expression goes as it is.
  private var parts: [Attribute]?

  /// Some of what the kernel tells it does not take back, even though it is 0: flags of expressions
  /// that write TCP options, and the timeout of updates of sets that have none.
  init(_ item: Attribute, in bytes: Span<UInt8>) throws(NetlinkError) {
    self.item = item
    let expression = try Nest(item, in: bytes)
    name = expression.string(NFTA_EXPR_NAME, in: bytes) ?? ""
    guard let body = try expression.nest(NFTA_EXPR_DATA, in: bytes) else { return }
    if name == "exthdr", body.has(NFTA_EXTHDR_SREG) {
      parts = body.attributes.filter { $0.type != NFTA_EXTHDR_FLAGS.rawValue }
    }
    if name == "dynset", try body.uint64(NFTA_DYNSET_TIMEOUT, in: bytes) == 0 {
      parts = body.attributes.filter { $0.type != NFTA_DYNSET_TIMEOUT.rawValue }
    }
  }

  /// Writes it into a list of expressions.
  func write(to writer: inout MessageWriter, _ bytes: Span<UInt8>) {
    guard let parts else {
      writer.put(item, of: bytes)
      return
    }
    writer.put(NFTA_LIST_ELEM) { writer in
      writer.put(NFTA_EXPR_NAME, name)
      writer.put(NFTA_EXPR_DATA) { writer in
        for part in parts { writer.put(part, of: bytes) }
      }
    }
  }
}
