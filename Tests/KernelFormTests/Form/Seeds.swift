/// Where random tests begin.
enum Seeds {
  /// The same seeds first, then others in every run; those that fail are printed.
  static func some(_ count: Int) -> [UInt64] {
    (0..<count).map { index in index < count / 2 ? UInt64(index) : .random(in: 0...(.max)) }
  }
}
