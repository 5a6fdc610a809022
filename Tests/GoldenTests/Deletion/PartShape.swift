import Evaluation
import NetworkTypes

extension Program {
  /// The part without the names, addresses and numbers that are the policy's own, so that parts that
  /// are made by one line of the compiler look the same.
  func shape(_ part: Part, _ topology: Topology) -> String {
    let words = words(part)
    let names = Set(topology.interfaces.map(\.name.text))
    let text: Substring =
      part.isElement ? words.prefix { $0 != ":" } : words[...]
    return text.split(separator: " ").map { Self.shape(of: $0, names) }.joined(separator: " ")
  }

  private static func shape(of word: Substring, _ names: Set<String>) -> String {
    var word = word
    var end = ""
    while let last = word.last, ",:".contains(last), word.count > 1, !word.hasSuffix("::") {
      end = String(last) + end
      word.removeLast()
    }
    if word.hasPrefix("BW-") { word.removeFirst(3) }
    if names.contains(String(word)) { return "IF" + end }
    if isAddress(word) { return "ADDRESS" + end }
    if word.hasPrefix("0x") { return "MARK" + end }
    if word.allSatisfy({ $0.isNumber || $0 == "-" }) { return "N" + end }
    return withoutOwnName(word) + end
  }

  private static func isAddress(_ word: Substring) -> Bool {
    let hasSigns = word.contains(".") || word.contains(":")
    return hasSigns && word.contains { $0.isHexDigit }
      && word.allSatisfy { $0.isHexDigit || ".:/-".contains($0) }
  }

  /// Chains and sets of a network or line by their kind.
  private static func withoutOwnName(_ word: Substring) -> String {
    var word = word
    if let dot = word.firstIndex(of: "."), word[word.index(after: dot)...].allSatisfy(\.isNumber) {
      word = word[..<dot]
    }
    for kind in ["from-", "to-", "within-", "bridge-", "hairpin-", "ports-", "antispoof-"]
    where word.hasPrefix(kind) || word.hasPrefix("@" + kind) {
      if word == "to-world" || word == "antispoof-bridged" { break }
      return word.prefix { $0 != "-" } + "-*"
    }
    guard word.hasPrefix("@") || word.contains("-") else { return String(word) }
    return String(word.filter { !$0.isNumber })
  }
}
