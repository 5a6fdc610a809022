/// The words of one line of iptables-save, quotes and escapes taken off.
package struct SaveWords: Sendable {
  private let words: [String]
  private var next = 0

  /// - Throws: where a quote has no end.
  package init(_ line: ArraySlice<UInt8>, number: Int) throws(SaveTextError) {
    var words: [String] = []
    var word: [UInt8] = []
    var isWord = false
    var isQuoted = false
    var isEscaped = false
    for byte in line {
      if isEscaped {
        word.append(byte)
        isEscaped = false
      } else if isQuoted, byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
        isWord = true
      } else if byte == UInt8(ascii: " "), !isQuoted {
        if isWord { words.append(String(decoding: word, as: UTF8.self)) }
        word.removeAll(keepingCapacity: true)
        isWord = false
      } else {
        word.append(byte)
        isWord = true
      }
    }
    if isQuoted { throw SaveTextError(line: number, problem: .unterminatedQuote) }
    if isWord { words.append(String(decoding: word, as: UTF8.self)) }
    self.words = words
  }

  /// Whether nothing is left.
  package var isAtEnd: Bool { next == words.count }

  /// The word after the last one taken.
  package var peeked: String? { next < words.count ? words[next] : nil }

  /// Whether an option of the module at hand comes next.
  var isAtOption: Bool {
    let place = peeked == "!" ? next + 1 : next
    return place < words.count && words[place].hasPrefix("--")
  }

  /// Takes a word.
  package mutating func take() -> String? {
    guard next < words.count else { return nil }
    next += 1
    return words[next - 1]
  }

  /// Takes a word if it is `word`.
  package mutating func take(_ word: String) -> Bool {
    guard peeked == word else { return false }
    next += 1
    return true
  }

  /// Takes a word if `convert` makes something of it.
  package mutating func take<Value>(_ convert: (String) -> Value?) -> Value? {
    guard let word = peeked, let value = convert(word) else { return nil }
    next += 1
    return value
  }
}
