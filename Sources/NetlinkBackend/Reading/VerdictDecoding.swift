import CNftnl
import Netfilter

extension Verdict {
  /// Reads what NFTA_DATA_VERDICT holds; `nil` for verdicts that are none of ours.
  init?(_ attribute: Attribute, in bytes: Span<UInt8>) throws(NetlinkError) {
    let body = try Nest(attribute, in: bytes)
    guard let code = try body.uint32(NFTA_VERDICT_CODE, in: bytes) else {
      throw .malformed("a verdict without a code")
    }
    let chain = body.string(NFTA_VERDICT_CHAIN, in: bytes)
    switch Int32(bitPattern: code) {
    case NF_ACCEPT: self = .accept
    case NF_DROP: self = .drop
    case NFT_RETURN.rawValue: self = .return
    case NFT_JUMP.rawValue: self = .jump(try Self.target(chain))
    case NFT_GOTO.rawValue: self = .goto(try Self.target(chain))
    default: return nil
    }
  }

  private static func target(_ chain: String?) throws(NetlinkError) -> String {
    guard let chain else { throw .malformed("a jump without a chain") }
    return chain
  }

  /// The number of the verdict (`enum nft_verdicts`, linux/netfilter.h).
  var code: Int32 {
    switch self {
    case .accept: NF_ACCEPT
    case .drop: NF_DROP
    case .return: NFT_RETURN.rawValue
    case .jump: NFT_JUMP.rawValue
    case .goto: NFT_GOTO.rawValue
    }
  }

  /// The chain that it goes to.
  var chain: String? {
    switch self {
    case .accept, .drop, .return: nil
    case .jump(let chain), .goto(let chain): chain
    }
  }
}
