import KernelForm
import Netfilter
import NftablesBackend

/// What differs in one set, map or chain, in nft's words.
package struct RuleDifference: Hashable, Sendable {
  /// One line of it.
  package enum Line: Hashable, Sendable {
    /// A rule that stays, for orientation.
    case kept(String)
    case removed(String)
    case added(String)
  }

  /// `inet`
  package let table: String
  /// `chain forward`
  package let object: String
  package let lines: [Line]
}

extension Effect {
  /// What differs object by object; rules that only come from another line are not told.
  ///
  /// - Complexity: O(n log n) in the lines of the listings.
  package var ruleDifferences: [RuleDifference] {
    TableFamily.allCases.flatMap { family in
      let old = before.table(family).map(NftListing.objects) ?? []
      let new = after.table(family).map(NftListing.objects) ?? []
      return differences(from: old, to: new, in: family)
    }
  }

  private func differences(
    from old: [NftListing], to new: [NftListing], in family: TableFamily
  ) -> [RuleDifference] {
    func key(_ listing: NftListing) -> String { "\(listing.kind) \(listing.name)" }
    let standing = Dictionary(old.map { (key($0), $0) }) { first, _ in first }
    let names = Set(new.map(key))
    let gone = old.filter { !names.contains(key($0)) }
    let pairs = new.map { (standing[key($0)], Optional($0)) } + gone.map { (Optional($0), nil) }
    return pairs.compactMap { before, after in
      guard let object = after ?? before else { return nil }
      let lines = ListingComparison(before, after).lines
      return lines.isEmpty
        ? nil : RuleDifference(table: family.rawValue, object: key(object), lines: lines)
    }
  }
}

/// The lines in which two listings of one object differ, with their surroundings.
private struct ListingComparison {
  private(set) var lines: [RuleDifference.Line] = []
  /// How many rules that stay are shown on either side of one that does not.
  private static let surroundings = 1

  init(_ before: NftListing?, _ after: NftListing?) {
    let isOrdered = (after ?? before)?.isOrdered ?? true
    if before?.head != after?.head {
      lines += (before?.head ?? []).map { .removed($0) } + (after?.head ?? []).map { .added($0) }
    }
    var keys = LineKeys()
    var old = keys.numbered(before?.members ?? [])
    var new = keys.numbered(after?.members ?? [])
    if !isOrdered {
      let (oldKeys, newKeys) = (Set(old.map(\.key)), Set(new.map(\.key)))
      old.removeAll { newKeys.contains($0.key) }
      new.removeAll { oldKeys.contains($0.key) }
    }
    lines += Self.shortened(Self.merged(old, new))
  }

  private static func merged(
    _ old: [(key: Int, text: String)], _ new: [(key: Int, text: String)]
  ) -> [RuleDifference.Line] {
    var result: [RuleDifference.Line] = []
    var (left, right) = (0, 0)
    let common = commonSubsequence(old.map(\.key)[...], new.map(\.key)[...])
    for pair in common + [(old: old.count, new: new.count)] {
      result += old[left..<pair.old].map { .removed($0.text) }
      result += new[right..<pair.new].map { .added($0.text) }
      if pair.new < new.count { result.append(.kept(new[pair.new].text)) }
      (left, right) = (pair.old + 1, pair.new + 1)
    }
    return result
  }

  /// Leaves out what stays and is far from what does not.
  private static func shortened(_ lines: [RuleDifference.Line]) -> [RuleDifference.Line] {
    var isShown = Array(repeating: false, count: lines.count)
    for index in lines.indices where !lines[index].isKept {
      let first = max(0, index - surroundings)
      let last = min(lines.count - 1, index + surroundings)
      for near in first...last { isShown[near] = true }
    }
    return lines.indices.filter { isShown[$0] }.map { lines[$0] }
  }
}

extension RuleDifference.Line {
  fileprivate var isKept: Bool { if case .kept = self { true } else { false } }
}

/// Numbers for lines: equal ones where nothing but the place in the policy differs.
private struct LineKeys {
  private var numbers: [String: Int] = [:]

  mutating func numbered(_ lines: [String]) -> [(key: Int, text: String)] {
    lines.map { line in
      let words = Self.withoutLocation(line)
      let number = numbers[words] ?? numbers.count
      numbers[words] = number
      return (number, line)
    }
  }

  private static func withoutLocation(_ line: String) -> String {
    let bytes = Array(line.utf8)
    let mark = Array("comment \"".utf8)
    guard bytes.count > mark.count else { return line }
    var start = bytes.count - mark.count
    while start >= 0, !bytes[start...].starts(with: mark) { start -= 1 }
    guard start >= 0 else { return line }
    let content = start + mark.count
    guard let end = bytes[content...].firstIndex(of: UInt8(ascii: "\"")) else { return line }
    let purpose = LocatedComment(bytes[content..<end]).purpose
    return String(decoding: bytes[..<content] + purpose + bytes[end...], as: UTF8.self)
  }
}
