/// The edits of many fix-its, chosen so that no two of them touch the same bytes.
package struct FixItApplication: Sendable {
  /// The files that change, by index, with their new bytes, in the order of the files.
  package let files: [(file: UInt32, bytes: [UInt8])]
  /// How many fix-its were applied; those that collide with others are left for another round.
  package let applied: Int

  private struct Candidate {
    let edit: TextEdit
    let fixIt: Int
  }

  /// Applies the first fix-it of every finding.
  ///
  /// - Complexity: O(n log n + bytes of the changed files).
  package init(_ findings: [Diagnostic], to sources: SourceMap) {
    let fixIts = findings.compactMap(\.fixIts.first)
    let candidates = fixIts.indices.flatMap { index in
      fixIts[index].edits.map { Candidate(edit: $0, fixIt: index) }
    }
    let sorted = candidates.sorted {
      ($0.edit.span, $0.fixIt) < ($1.edit.span, $1.fixIt)
    }
    let refused = Self.collisions(sorted)
    let kept = sorted.filter { !refused.contains($0.fixIt) }.map(\.edit)
    applied = fixIts.count - refused.count
    files = Self.rewritten(kept, sources)
  }

  /// The fix-its that overlap an earlier one; at least one of all is never among them.
  private static func collisions(_ sorted: [Candidate]) -> Set<Int> {
    var refused: Set<Int> = []
    var last: Candidate?
    for candidate in sorted where !refused.contains(candidate.fixIt) {
      if let last, last.fixIt != candidate.fixIt, last.edit != candidate.edit,
        !refused.contains(last.fixIt), collide(last.edit.span, candidate.edit.span)
      {
        refused.insert(candidate.fixIt)
        continue
      }
      last = candidate
    }
    return refused
  }

  private static func collide(_ left: SourceSpan, _ right: SourceSpan) -> Bool {
    guard left.file == right.file else { return false }
    return right.start < left.end || right.start == left.start
  }

  private static func rewritten(
    _ edits: [TextEdit], _ sources: SourceMap
  ) -> [(file: UInt32, bytes: [UInt8])] {
    var result: [(file: UInt32, bytes: [UInt8])] = []
    var index = 0
    while index < edits.count {
      let file = edits[index].span.file
      let end = edits[index...].firstIndex { $0.span.file != file } ?? edits.count
      result.append((file, rewritten(edits[index..<end], sources[file].bytes)))
      index = end
    }
    return result
  }

  private static func rewritten(_ edits: ArraySlice<TextEdit>, _ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    var previous: TextEdit?
    for edit in edits where edit != previous && Int(edit.span.start) >= position {
      result += bytes[position..<Int(edit.span.start)]
      result += Array(edit.replacement.utf8)
      position = Int(edit.span.end)
      previous = edit
    }
    return result + bytes[position...]
  }
}
