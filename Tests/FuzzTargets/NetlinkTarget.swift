import KernelForm
import NetlinkBackend
import NetworkTypes

/// Messages of the kernel are read or refused: those about rules, those about connections, and its
/// answers.
func checkMessages(_ bytes: [UInt8]) throws(BrokenLaw) {
  checkAnswers(bytes)
  try checkSnapshot(sealed(name: "bridgeward", messages: bytes))
}

/// The bytes as connections and as answers.
private func checkAnswers(_ bytes: [UInt8]) {
  var walk = MessageWalk()
  while let message = try? walk.next(in: bytes.span) {
    _ = try? KernelReply(message, in: bytes.span)
    guard message.hasFamily else { continue }
    for family in AddressFamily.allCases {
      _ = try? ConnectionRecord(message, family, in: bytes.span)
    }
    _ = try? ConnectionRecord.identity(of: message, in: bytes.span)
  }
}

/// A saved state is read or refused, and what is read can be compared, understood and put back.
func checkSnapshot(_ bytes: [UInt8]) throws(BrokenLaw) {
  try checkSeal(bytes)
  let sound = resealed(bytes)
  guard let kernel = try? KernelRuleset(snapshot: sound) else { return }
  _ = ruleset(of: kernel)
  let nothing = KernelRuleset()
  _ = plan(from: nothing, to: kernel)
  _ = plan(from: kernel, to: nothing)
  let again = plan(from: kernel, to: kernel)
  try require(again.isEmpty || !kernel.isOurs, "what is the same needs no change", "\(again)")
  guard let restored = try? messages(restoring: sound) else { return }
  var walk = MessageWalk()
  while let message = try? walk.next(in: restored.span) {
    try require(message.range.upperBound <= restored.count, "messages lie in the batch")
  }
}

/// Damaged bytes are told from sound ones.
private func checkSeal(_ bytes: [UInt8]) throws(BrokenLaw) {
  guard resealed(bytes) != bytes else { return }
  let isRead = (try? KernelRuleset(snapshot: bytes)) != nil
  try require(!isRead, "a damaged state is refused")
}

/// The bytes with the mark and the checksum that a state has.
private func resealed(_ bytes: [UInt8]) -> [UInt8] {
  let head = Array("bwstate\u{1}".utf8)
  guard bytes.count > head.count + 8 else { return bytes }
  return head + checksum(bytes[(head.count + 8)...]) + bytes[(head.count + 8)...]
}

/// A state with these messages.
private func sealed(name: String, messages: [UInt8]) -> [UInt8] {
  let body = [UInt8(name.utf8.count)] + Array(name.utf8) + messages
  return resealed([UInt8](repeating: 0, count: 16) + body)
}

/// FNV-1a of 64 bits, most significant byte first.
private func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (56 - 8 * UInt64($0))) }
}

extension KernelRuleset {
  /// Whether nothing of others is in the tables, and every rule can be told from the others.
  fileprivate var isOurs: Bool {
    let handles = tables.flatMap { $0.chains.flatMap(\.rules).map(\.handle) }
    return tables.allSatisfy { $0.strangers.isEmpty }
      && Set(handles.compactMap(\.self)).count == handles.count
  }
}
