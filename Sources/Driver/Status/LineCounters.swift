import KernelForm
import Netfilter

/// How many packets and bytes the rules of one line of a policy have seen.
package struct LineCounter: Hashable, Sendable, Encodable {
  /// `file:line`; `nil` for rules that no line asked for by itself.
  package let location: String?
  /// What the rules are for, as they say themselves; empty where the line says all.
  package let purpose: String
  package let packets: UInt64
  package let bytes: UInt64
}

/// Sums the counters of rules by what the rules say of themselves.
struct LineCounters {
  private var sums: [String: (packets: UInt64, bytes: UInt64)] = [:]

  /// The counters of our tables in the kernel.
  init(_ live: KernelRuleset) {
    for rule in live.tables.flatMap(\.chains).flatMap(\.rules) {
      guard let comment = rule.comment else { continue }
      for case .counter(let packets, let bytes) in rule.expressions {
        add(packets, bytes, to: comment)
      }
    }
  }

  private mutating func add(_ packets: UInt64, _ bytes: UInt64, to comment: String) {
    let old = sums[comment] ?? (0, 0)
    sums[comment] = (old.packets &+ packets, old.bytes &+ bytes)
  }

  /// By file and line; what has no line comes last.
  var list: [LineCounter] {
    let parsed = sums.map { (key: Place($0.key), sum: $0.value) }
    return parsed.sorted { $0.key < $1.key }.map { key, sum in
      LineCounter(
        location: key.file.map { "\($0):\(key.line)" }, purpose: key.purpose,
        packets: sum.packets, bytes: sum.bytes)
    }
  }

  /// A comment taken apart: `file:line: purpose`, or the purpose alone.
  private struct Place: Comparable {
    let file: String?
    let line: Int
    let purpose: String

    init(_ comment: String) {
      let parts = comment.split(separator: ":", omittingEmptySubsequences: false)
      for index in parts.indices.dropFirst() {
        guard let line = Int(parts[index]), line > 0 else { continue }
        file = parts[..<index].joined(separator: ":")
        self.line = line
        purpose = String(parts[(index + 1)...].joined(separator: ":").drop { $0 == " " })
        return
      }
      file = nil
      line = 0
      purpose = comment
    }

    static func < (left: Self, right: Self) -> Bool {
      // Names of files are never so late in the order of bytes.
      (left.file ?? "\u{10FFFF}", left.line, left.purpose)
        < (right.file ?? "\u{10FFFF}", right.line, right.purpose)
    }
  }
}
