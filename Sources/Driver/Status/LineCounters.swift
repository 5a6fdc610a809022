import IptablesBackend
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

  /// The counters of our chains in iptables: of the rules that decide, for all rules count there.
  ///
  /// - Parameter saved: What `iptables-save -c` shows, of each family.
  init(saved: [[UInt8]]) {
    for text in saved {
      for line in text.split(separator: UInt8(ascii: "\n")) {
        guard let counted = CountedLine(line) else { continue }
        add(counted.packets, counted.bytes, to: counted.comment)
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

/// A rule of ours as `iptables-save -c` shows it: `[PACKETS:BYTES] -A CHAIN …`.
private struct CountedLine {
  let packets: UInt64
  let bytes: UInt64
  let comment: String

  /// `nil` for others' rules, and for those that only lead to the next one.
  init?(_ line: ArraySlice<UInt8>) {
    guard line.first == UInt8(ascii: "["), var words = try? SaveWords(line, number: 0),
      let counts = words.take()?.dropFirst().dropLast().split(separator: ":"), counts.count == 2,
      let packets = UInt64(counts[0]), let bytes = UInt64(counts[1]), words.take("-A"),
      let chain = words.take(), chain.hasPrefix("BW-")
    else { return nil }
    var comment: String?
    var decides = false
    while let word = words.take() {
      switch word {
      case "--comment": comment = words.take()
      case "-j", "-g": decides = Self.decides(words.take() ?? "", byLeaving: word == "-g")
      default: continue
      }
    }
    guard let comment, decides else { return nil }
    (self.packets, self.bytes, self.comment) = (packets, bytes, comment)
  }

  private static func decides(_ target: String, byLeaving isGoto: Bool) -> Bool {
    switch target {
    case "ACCEPT", "DROP", "REJECT", "DNAT", "SNAT", "MASQUERADE": return true
    default:
      // A chain for the rest of one rule ends with a number: `BW-forward.1`.
      let last = target.split(separator: ".").last.map { Int($0) != nil } ?? false
      return isGoto && target.hasPrefix("BW-") && !(last && target.contains("."))
    }
  }
}
