/// Which keyword a misspelled word means.
enum Spelling {
  /// The only keyword of `words` that few enough slips turn into `text`.
  ///
  /// A slip is a letter too many, too few, wrong, or swapped with its neighbor; short words may have
  /// one, longer ones two. Letter case counts for nothing.
  static func nearest(to text: String, among words: [Keyword]) -> Keyword? {
    let written = Array(text.lowercased().utf8)
    guard written.count >= 2, written.count <= 20 else { return nil }
    var best: (keyword: Keyword, slips: Int)?
    var isTie = false
    for word in words {
      let meant = Array(word.rawValue.utf8)
      let allowed = meant.count < 5 ? 1 : 2
      guard abs(meant.count - written.count) <= allowed else { continue }
      let slips = distance(written, meant)
      guard slips <= allowed else { continue }
      if let best, best.slips <= slips {
        isTie = isTie || best.slips == slips
        continue
      }
      best = (word, slips)
      isTie = false
    }
    return isTie ? nil : best?.keyword
  }

  /// The optimal string alignment distance.
  ///
  /// - Complexity: O(m * n), for words of a few letters.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in left.indices {
      var next = [row + 1]
      for column in right.indices {
        let isSame = left[row] == right[column]
        var slips = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, next[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          slips = min(slips, beforeLast[column - 1] + 1)
        }
        next.append(slips)
      }
      (beforeLast, last) = (last, next)
    }
    return last[right.count]
  }
}
