import Driver
import IptablesBackend
import Netfilter
import NetworkTypes

/// What is printed for nft and iptables is text, and says what the ruleset says.
func checkTexts(_ result: Compilation, _ ruleset: Ruleset) throws(BrokenLaw) {
  for backend in Backend.allCases {
    guard let output = backend.output(of: result) else {
      throw BrokenLaw("every backend has a text", backend.rawValue)
    }
    let text = String(validating: output.bytes, as: UTF8.self)
    guard let text else { throw BrokenLaw("texts are UTF-8", backend.rawValue) }
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t")
    }
    try require(isPlain, "texts have no control bytes", text)
    if backend == .nft { try checkQuotes(text) }
  }
  for family in AddressFamily.allCases { try checkRestoreText(ruleset, family) }
}

/// nft knows no escapes: what stands between two quotes is theirs, and no line ends within. In
/// prefixes of log lines it looks for variables.
private func checkQuotes(_ script: String) throws(BrokenLaw) {
  for line in script.utf8.split(separator: UInt8(ascii: "\n")) {
    if line.first(where: { $0 != UInt8(ascii: " ") && $0 != 9 }) == UInt8(ascii: "#") { continue }
    let quotes = line.count { $0 == UInt8(ascii: "\"") }
    try require(quotes.isMultiple(of: 2), "quotes come in pairs", "\(Substring(line))")
    let words = Substring(line).split(separator: "\"", omittingEmptySubsequences: false)
    for (word, next) in zip(words, words.dropFirst()) where word.hasSuffix("log prefix ") {
      try require(!next.contains("$"), "prefixes have no variables", "\(next)")
    }
  }
}

/// What iptables-restore is given reads back as what was meant.
private func checkRestoreText(_ ruleset: Ruleset, _ family: AddressFamily) throws(BrokenLaw) {
  let legalized = legalize(ruleset, family: family)
  let text = restoreText(legalized)
  do {
    let read = try readSaveText(text, family: family)
    for (found, meant) in zip(read.tables, legalized.own.tables) {
      try require(
        found.chains == meant.chains, "iptables text says what the ruleset says",
        String(decoding: text, as: UTF8.self))
    }
  } catch let error as SaveTextError {
    throw BrokenLaw("iptables text is read", "\(error)\n\(String(decoding: text, as: UTF8.self))")
  } catch let error as BrokenLaw {
    throw error
  } catch {
    throw BrokenLaw("no other errors")
  }
}
