import CNftnl
import KernelForm

/// Reads one expression as the kernel dumps it, and takes out what the kernel adds by itself.
struct ExpressionReader {
  let name: String
  let body: Nest

  /// `nil` for expressions, and for uses of expressions, that are none of ours.
  func read(in bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    switch name {
    case "meta": try meta(bytes)
    case "payload": try payload(bytes)
    case "cmp": try compare(bytes)
    case "range": try range(bytes)
    case "bitwise": try bitwise(bytes)
    case "byteorder": try byteOrder(bytes)
    case "lookup": try lookup(bytes)
    case "dynset": try dynamicSet(bytes)
    case "immediate": try immediate(bytes)
    case "ct": try conntrack(bytes)
    case "fib": try fib(bytes)
    case "rt": try route(bytes)
    case "nat": try nat(bytes)
    case "masq": try masquerade(bytes)
    case "reject": try reject(bytes)
    case "limit": try limit(bytes)
    case "connlimit": try connectionLimit(bytes)
    case "log": try log(bytes)
    case "counter": try counter(bytes)
    case "exthdr": try extensionHeader(bytes)
    default: nil
    }
  }

  /// The number; an error where there is none.
  func number<Kind: RawRepresentable<UInt32>>(
    _ kind: Kind, _ bytes: Span<UInt8>
  ) throws(NetlinkError) -> UInt32 {
    guard let number = try body.uint32(kind, in: bytes) else {
      throw .malformed("an expression \(name) without its number \(kind.rawValue)")
    }
    return number
  }

  /// The register; an error where there is none.
  func register<Kind: RawRepresentable<UInt32>>(
    _ kind: Kind, _ bytes: Span<UInt8>
  ) throws(NetlinkError) -> Register {
    Register(try number(kind, bytes))
  }

  /// The register; `nil` where there is none.
  func optionalRegister<Kind: RawRepresentable<UInt32>>(
    _ kind: Kind, _ bytes: Span<UInt8>
  ) throws(NetlinkError) -> Register? {
    try body.uint32(kind, in: bytes).map { Register($0) }
  }

  /// The bytes of a value (NFTA_DATA_VALUE); an error where there are none.
  func value<Kind: RawRepresentable<UInt32>>(
    _ kind: Kind, _ bytes: Span<UInt8>
  ) throws(NetlinkError) -> [UInt8] {
    guard let value = try body.nest(kind, in: bytes)?.bytes(NFTA_DATA_VALUE, in: bytes) else {
      throw .malformed("an expression \(name) without its value \(kind.rawValue)")
    }
    return value
  }
}
