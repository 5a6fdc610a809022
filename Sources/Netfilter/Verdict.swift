/// What becomes of a packet.
package enum Verdict: Hashable, Sendable {
  case accept
  case drop
  /// Goes back to the calling chain.
  case `return`
  case jump(String)
  /// Goes to the chain and does not come back.
  case goto(String)
}
