import CNftnl
import KernelForm
import Netfilter

extension KernelChain {
  /// `nil` for chains of kinds that are none of ours.
  init?(_ name: String, _ body: Nest, in bytes: Span<UInt8>) throws(NetlinkError) {
    let flags = try body.uint32(NFTA_CHAIN_FLAGS, in: bytes) ?? 0
    guard flags & ~NFT_CHAIN_BASE.rawValue == 0 else { return nil }
    guard let hook = try body.nest(NFTA_CHAIN_HOOK, in: bytes) else {
      self.init(name, .regular)
      return
    }
    guard let base = try BaseChain(body, hook, in: bytes) else { return nil }
    self.init(name, .base(base))
    policyAccepts = try body.uint32(NFTA_CHAIN_POLICY, in: bytes) ?? UInt32(NF_ACCEPT) != 0
  }
}

extension BaseChain {
  fileprivate init?(
    _ chain: Nest, _ place: Nest, in bytes: Span<UInt8>
  ) throws(NetlinkError) {
    guard let type = chain.string(NFTA_CHAIN_TYPE, in: bytes),
      let number = try place.uint32(NFTA_HOOK_HOOKNUM, in: bytes),
      let priority = try place.uint32(NFTA_HOOK_PRIORITY, in: bytes)
    else { throw .malformed("a base chain without its place") }
    guard let purpose = Purpose(rawValue: type), let hook = Hook(number: number),
      !place.has(NFTA_HOOK_DEV), !place.has(NFTA_HOOK_DEVS)
    else { return nil }
    self.init(purpose, hook, priority: Int32(bitPattern: priority))
  }
}
