/// What a byte can be part of, as bits, so that the classes seen in a run add up by `|`.
enum ByteClass {
  static let letter: UInt8 = 1
  static let digit: UInt8 = 2
  static let dot: UInt8 = 4
  static let hyphen: UInt8 = 8
  static let colon: UInt8 = 16
  /// Bytes that start a token other than a word.
  static let other: UInt8 = 32
  /// The bytes of words that mean nothing special wherever they stand.
  static let plain: UInt8 = letter | digit | dot
  /// Bytes that words are made of.
  static let word: UInt8 = letter | digit | dot | hyphen | colon
}

/// The class of every byte; one look-up replaces a chain of comparisons.
struct ByteClasses {
  /// By byte; for loops, which look at it without looking for it each time.
  let table: [UInt8]

  init() {
    table = (0...255).map { Self.classify(UInt8($0)) }
  }

  subscript(byte: UInt8) -> UInt8 { table[Int(byte)] }

  private static func classify(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      ByteClass.letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): ByteClass.digit
    case UInt8(ascii: "."): ByteClass.dot
    case UInt8(ascii: "-"): ByteClass.hyphen
    case UInt8(ascii: ":"): ByteClass.colon
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "#"),
      UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: "/"), UInt8(ascii: "="):
      ByteClass.other
    default: 0
    }
  }
}
