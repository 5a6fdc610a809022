/// Text that would like to be something else than text.
struct HostileText: Sendable, Hashable, CustomStringConvertible {
  /// What is put into the policy; it need not be UTF-8.
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }
  init(_ text: String) { bytes = Array(text.utf8) }

  var description: String { bytes.map { String($0, radix: 16) }.joined(separator: " ") }

  /// The same with every quote and backslash escaped, as the language's strings have them.
  var escaped: HostileText {
    HostileText(
      bytes.flatMap { byte in
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
          ? [UInt8(ascii: "\\"), byte] : [byte]
      })
  }

  /// What a string of the language says in which this stands.
  var unescaped: HostileText {
    var result: [UInt8] = []
    var isEscaped = false
    for (index, byte) in bytes.enumerated() {
      let next = index + 1 < bytes.count ? bytes[index + 1] : UInt8(ascii: "x")
      let escapes = next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
      if !isEscaped, byte == UInt8(ascii: "\\"), escapes {
        isEscaped = true
      } else {
        result.append(byte)
        isEscaped = false
      }
    }
    return HostileText(result)
  }

  /// Every byte by itself.
  static let singleBytes = (UInt8.min...UInt8.max).map { HostileText([$0]) }

  /// Sequences that mean something to somebody: to text, terminals, nft, iptables, shells, printf.
  static let sequences: [HostileText] =
    [
      "é", "\u{202E}", "\u{2066}", "\u{2028}", "\u{FEFF}", "\u{200B}", "\u{85}", "\u{A0}",
      "e\u{301}\u{301}", "\u{1F525}", "\u{FFFD}", "\u{10FFFF}", "\u{1B}[2J", "\u{1B}]0;x\u{7}",
      "\"; flush ruleset; #", "\" accept comment \"", "\"\nflush ruleset\n\"",
      "}}\ntable ip evil {",
      "\\\" accept", "\\", "\\\\", "\\n", "\\x22", "@admission4", "$variable", "{ 1 : accept }",
      "\n-A INPUT -j ACCEPT", "\" -j ACCEPT -m comment --comment \"", "\nCOMMIT\n*nat\n", "-j DROP",
      "\n:BW-evil - [0:0]", "%s%n", "`id`", "$(id)", "${IFS}", "'; id; '", "; id", "| id", "&& id",
      "\r\nflush ruleset\r\n", "\u{0}", "# x", "/* x */", "<script>", "../../x", "-o/tmp/x", "*",
      "~",
    ].map { HostileText($0) }
    + [
      // Not UTF-8: overlong, a surrogate, cut short, alone.
      [0xC0, 0xAF], [0xC0, 0x8A], [0xED, 0xA0, 0x80], [0xE2, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0x80, 0xBF],
    ].map { HostileText($0) }
    + [String(repeating: "x", count: 300), String(repeating: "\"", count: 300)].map {
      HostileText($0)
    }
}
