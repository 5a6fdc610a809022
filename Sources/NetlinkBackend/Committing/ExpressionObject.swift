import CNftnl
import KernelForm

/// An expression of libnftnl's; freed unless a rule takes it.
@safe struct ExpressionObject: ~Copyable {
  private let pointer: OpaquePointer

  init(named name: String) throws(NetlinkError) {
    guard let object = unsafe nftnl_expr_alloc(name) else { throw .noMemory(.commit) }
    unsafe pointer = object
  }

  deinit { unsafe nftnl_expr_free(pointer) }

  /// Gives the expression away, to be freed by its new owner.
  consuming func release() -> OpaquePointer {
    let result = unsafe pointer
    discard self
    return unsafe result
  }

  // The attributes' numbers are those of anonymous C enumerations, which come as Int.

  func set(_ attribute: Int, _ number: UInt32) {
    unsafe nftnl_expr_set_u32(pointer, UInt16(attribute), number)
  }

  func set(_ attribute: Int, _ register: Register) { set(attribute, register.number) }

  func set(_ attribute: Int, _ register: Register?) {
    if let register { set(attribute, register) }
  }

  func set(_ attribute: Int, byte: UInt8) {
    unsafe nftnl_expr_set_u8(pointer, UInt16(attribute), byte)
  }

  func set(_ attribute: Int, long: UInt64) {
    unsafe nftnl_expr_set_u64(pointer, UInt16(attribute), long)
  }

  func set(_ attribute: Int, _ text: String) {
    unsafe nftnl_expr_set_str(pointer, UInt16(attribute), text)
  }

  /// Values have as many bytes as registers have room, and the library does not look.
  func set(_ attribute: Int, _ value: [UInt8]) throws(NetlinkError) {
    guard (1...Int(NFT_DATA_VALUE_MAXLEN)).contains(value.count) else {
      throw NetlinkError(.commit, errno: EINVAL, message: "a value of \(value.count) bytes")
    }
    unsafe nftnl_expr_set(pointer, UInt16(attribute), value, UInt32(value.count))
  }

  /// Puts `inner` into this expression.
  func add(_ attribute: Int, _ inner: consuming ExpressionObject) {
    unsafe nftnl_expr_add_expr(pointer, UInt32(attribute), inner.release())
  }
}
