import Diagnostics
import PolicyTestSupport
import Syntax
import Testing

struct LexerTests {
  /// Single words and what they are.
  static let words: [(String, TokenKind)] = [
    ("web", .identifier), ("web-1", .identifier), ("lan.web", .identifier), ("_", .identifier),
    ("1st", .identifier), ("1-2-3", .identifier), ("1-", .identifier), ("Publish", .identifier),
    ("publish", .keyword(.publish)), ("fully-random", .keyword(.fullyRandom)),
    ("icmpv6", .keyword(.icmpv6)), ("publish.x", .identifier), ("web.", .identifier),
    ("0", .integer), ("65536", .integer), ("80-90", .integerRange),
    ("10.0.0.1", .ipv4Address), ("10.0.0.300", .ipv4Address), ("1.0", .ipv4Address),
    ("10.0.0.0/8", .ipv4Prefix), ("10.0.0.0/255.0.0.0", .ipv4Prefix), ("10.0.0.0/99", .ipv4Prefix),
    ("10.0.0.1-10.0.0.9", .ipv4Range), ("10.0.0.1-9", .ipv4Range),
    ("::", .ipv6Address), ("::1", .ipv6Address), ("fd00::1", .ipv6Address),
    ("web:80:90", .ipv6Address), ("::ffff:10.0.0.1", .ipv6Address),
    ("fd00::/8", .ipv6Prefix), ("::/0", .ipv6Prefix), ("fd00::1-fd00::9", .ipv6Range),
    ("02:42:ac:13:00:14", .macAddress), ("02:42:AC:13:00:14", .macAddress),
    ("02:42:ac:13:00:1", .ipv6Address), ("02:42:ac:13:00:1g", .ipv6Address),
    ("->", .arrow), (":", .colon), ("/", .slash), ("=", .equals), (",", .comma),
    ("{", .leftBrace), ("}", .rightBrace), ("[", .leftBracket), ("]", .rightBracket),
    ("\"a b\"", .string), ("\"a\\\"b\\\\\"", .string), ("\"a", .unterminatedString),
    ("\"a\\\"", .unterminatedString), ("\"", .unterminatedString),
    (" \t ", .whitespace), ("\n", .newline), ("\r\n", .newline), ("\r", .unknown),
    ("# a \"b\" {", .comment), ("#", .comment), ("\u{FEFF}", .byteOrderMark),
    ("é", .unknown), ("\0\u{1}", .unknown), ("-", .unknown), (".a", .unknown), ("@", .unknown),
  ]

  @Test(arguments: words)
  func aWordIsOneToken(_ text: String, _ kind: TokenKind) {
    #expect(tokenize(source(text)).map(\.kind) == [kind, .endOfFile])
  }

  @Test(arguments: Keyword.allCases)
  func everyKeywordIsOne(_ keyword: Keyword) {
    #expect(tokenize(source(keyword.rawValue)).map(\.kind) == [.keyword(keyword), .endOfFile])
    #expect(tokenize(source(keyword.rawValue + "x")).map(\.kind) == [.identifier, .endOfFile])
  }

  /// Texts that are several tokens, the tokens joined by spaces.
  static let runs: [(String, String)] = [
    ("web:80", "web : 80"), ("127.0.0.1:9000", "127.0.0.1 : 9000"),
    ("[fd00::2]:80", "[ fd00::2 ] : 80"), ("a->b", "a -> b"), ("80->web", "80 -> web"),
    ("fd00::1->fd00::2", "fd00::1 -> fd00::2"), ("tcp/udp", "tcp / udp"),
    ("10/minute", "10 / minute"), ("10.0.0.0/8,a", "10.0.0.0/8 , a"), ("web-->b", "web- -> b"),
    ("10.0.0.0/x", "10.0.0.0 / x"), ("a#b", "a #b"), ("{a}", "{ a }"), ("a\"b\"c", "a \"b\" c"),
    ("1.2.3.4:auto", "1.2.3.4 : auto"), (":80", ": 80"), ("fd00::/8x", "fd00::/8 x"),
  ]

  @Test(arguments: runs)
  func aRunIsCut(_ text: String, _ tokens: String) {
    let file = source(text)
    let parts = tokenize(file).dropLast().map { token in
      String(decoding: file.bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
    }
    #expect(parts.joined(separator: " ") == tokens)
  }
}
