import Foundation
import Testing

/// The parts that nothing notices, each with a reason: `unshown.txt` beside this file.
///
/// A line that begins with `#` gives the reason for the lines after it. Each of these is a form, the
/// policies, or `*` for all that have such parts, and the shape of the parts.
struct UnshownParts {
  struct Entry: Hashable {
    /// `nil` for every policy.
    let policy: String?
    let shape: String
  }

  let entries: Set<Entry>

  init(_ form: DeletionForm) throws {
    let file = Repository.root.appending(path: "Tests/GoldenTests/Deletion/unshown.txt")
    var hasReason = false
    var entries: Set<Entry> = []
    for line in try Repository.text(file).split(separator: "\n") {
      if line.hasPrefix("# ") {
        hasReason = true
        continue
      }
      try #require(hasReason, "no reason is given for \(line)")
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      try #require(words.count == 3, "\(line) is no entry")
      guard try #require(DeletionForm(rawValue: words[0])) == form else { continue }
      for policy in words[1].split(separator: ",") {
        entries.insert(
          Entry(policy: policy == "*" ? nil : String(policy), shape: words[2]))
      }
    }
    self.entries = entries
  }

  /// What may be found in a policy.
  func shapes(in policy: String) -> Set<String> {
    Set(entries.filter { $0.policy == nil || $0.policy == policy }.map(\.shape))
  }

  /// What has to be found in a policy, since it is listed for that alone.
  func own(shapesIn policy: String) -> [String] {
    entries.filter { $0.policy == policy }.map(\.shape).sorted()
  }

  /// The policies that are named.
  var policies: Set<String> { Set(entries.compactMap(\.policy)) }
}
