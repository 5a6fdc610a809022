import Netfilter

/// One thing that a rule says, before nft's last pass over the rule.
struct Statement {
  enum Kind {
    /// A condition on a few bytes of the packet being (or not being) a value.
    case payload(PayloadMatch)
    /// Any other condition.
    case condition([Expression])
    /// What is no mere comparison: limits, updates of sets, and every effect.
    case effect([Expression])
  }

  var kind: Kind
  /// What it says in the words of the representation; nothing for what only prepares another.
  var matches: [Match]

  var expressions: [Expression] {
    switch kind {
    case .payload(let match): match.expressions
    case .condition(let list), .effect(let list): list
    }
  }
}

/// Some bytes of a packet and what they are compared with.
struct PayloadMatch {
  let base: PayloadBase
  let offset: UInt32
  var value: [UInt8]
  var isNegated = false
  /// Whether it tells what the next header is.
  var namesProtocol = false

  var expressions: [Expression] {
    [
      .payload(base, offset: offset, length: UInt32(value.count), into: .first),
      .compare(.first, isNegated ? .notEqual : .equal, value: value),
    ]
  }

  /// Whether nft reads the bytes of both, of which `next` are the later ones, at once.
  ///
  /// It does so for inequalities too (before version 1.1), which makes "neither" of two "not both":
  /// that is not done here.
  func joins(_ next: PayloadMatch) -> Bool {
    guard base == next.base, offset + UInt32(value.count) == next.offset else { return false }
    guard !isNegated, !next.isNegated else { return false }
    let total = value.count + next.value.count
    guard total <= 16 else { return false }
    // Loads of up to four bytes beyond the link layer are the kernel's fast path.
    return total <= 4 || base == .linkLayer || value.count > 4 || next.value.count > 4
  }
}

/// Reads neighboring bytes of packets at once, as nft does (`stmt_reduce` of its rule.c).
func reduced(_ statements: [Statement]) -> [Statement] {
  var result: [Statement?] = statements
  var pending: [Int] = []
  for index in statements.indices {
    switch statements[index].kind {
    case .payload: pending.append(index)
    case .condition: continue
    case .effect:
      // nft joins a lone one with what stands beyond the effect, which then happens too early.
      join(pending, in: &result)
      pending = []
    }
  }
  join(pending, in: &result)
  return result.compactMap { $0 }
}

private func join(_ indices: [Int], in statements: inout [Statement?]) {
  var sorted: [(match: PayloadMatch, index: Int)] = []
  for index in indices {
    if case .payload(let match) = statements[index]?.kind { sorted.append((match, index)) }
  }
  sorted.sort { left, right in
    (left.match.base.rawValue, left.match.offset, left.index)
      < (right.match.base.rawValue, right.match.offset, right.index)
  }
  guard var last = sorted.first else { return }
  for next in sorted.dropFirst() {
    guard last.match.joins(next.match) else {
      last = next
      continue
    }
    var joined = PayloadMatch(
      base: last.match.base, offset: last.match.offset, value: last.match.value + next.match.value)
    joined.namesProtocol = next.match.namesProtocol
    // What tells the next header keeps its place: what follows it relies on it.
    let (kept, dropped) =
      next.match.namesProtocol ? (next.index, last.index) : (last.index, next.index)
    let matches = (statements[last.index]?.matches ?? []) + (statements[next.index]?.matches ?? [])
    statements[kept] = Statement(kind: .payload(joined), matches: matches)
    statements[dropped] = nil
    last = (joined, kept)
  }
}
