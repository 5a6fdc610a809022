import Foundation
import Testing

/// A page of `Docs/Rulesets`: prose, and the rules that it is about.
///
/// The prose is `Docs/Rulesets/prose/NAME.txt`. Its first line is `golden NOUN/CASE`. A line
/// `@policy` becomes the case's policy, and a line such as `@nft chain forward, map publish4` or
/// `@iptables BW-publish` the objects of these names from the case's output for that backend. The
/// whole outputs follow at the end.
struct RulesetPage: CustomTestStringConvertible {
  let name: String
  private let golden: URL
  private let lines: [Substring]

  static let folder = Repository.root.appending(path: "Docs/Rulesets")

  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  /// Every page that there is prose for, in the order of names.
  static func all() throws -> [RulesetPage] {
    try Repository.entries(of: folder.appending(path: "prose")).map { file in
      try RulesetPage(name: String(file.prefix { $0 != "." }))
    }
  }

  private init(name: String) throws {
    self.name = name
    let text = try Repository.text(Self.folder.appending(path: "prose/\(name).txt"))
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let words = lines[0].split(separator: " ")
    guard words.count == 2, words[0] == "golden" else {
      throw Missing(description: "\(name).txt does not say which golden it is about")
    }
    golden = Repository.golden.appending(path: String(words[1]))
  }

  var testDescription: String { name }

  var url: URL { Self.folder.appending(path: "\(name).md") }

  var text: String {
    get throws {
      let prose = try lines.dropFirst(2).map { try expanded($0) }.joined(separator: "\n")
      return """
        <!-- Made from Docs/Rulesets/prose/\(name).txt and \(place) by `make golden`. Do not edit. -->

        \(prose)
        \(try whole)
        """
    }
  }

  private var place: String { String(golden.path.dropFirst(Repository.root.path.count + 1)) }

  private func output(_ file: String) throws -> String {
    try Repository.text(golden.appending(path: file))
  }

  /// A line of prose, or what a line stands for.
  private func expanded(_ line: Substring) throws -> String {
    let words = line.split(separator: " ", maxSplits: 1)
    switch words.first {
    case "@policy" where words.count == 1: return block("ward", try output("input.ward"))
    case "@nft" where words.count == 2:
      let script = try output("output.nft")
      return block("nft", try names(words[1]).map { try object($0, of: script) }.joined())
    case "@iptables" where words.count == 2, "@ip6tables" where words.count == 2:
      let text = try output("output.\(words[0].dropFirst())")
      return block("iptables", try names(words[1]).map { try rules(of: $0, in: text) }.joined())
    default: return String(line)
    }
  }

  private func names(_ list: Substring) -> [String] {
    list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func block(_ kind: String, _ text: String) -> String {
    "```\(kind)\n\(text.trimmingCharacters(in: .newlines))\n```"
  }

  /// A set, map or chain with its braces, a tab less deep, and a blank line.
  private func object(_ name: String, of script: String) throws -> String {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(of: "\t\(name) {"),
      let last = lines[first...].firstIndex(of: "\t}")
    else { throw Missing(description: "\(place)/output.nft has no \(name)") }
    return lines[first...last].map { $0.dropFirst() + "\n" }.joined() + "\n"
  }

  /// The rules of a chain.
  private func rules(of chain: String, in text: String) throws -> String {
    let rules = text.split(separator: "\n").filter { $0.hasPrefix("-A \(chain) ") }
    guard !rules.isEmpty else { throw Missing(description: "\(place) has no rules of \(chain)") }
    return rules.map { $0 + "\n" }.joined()
  }

  /// All that is loaded, for each backend; ip6tables' only where it is not a part of iptables'.
  private var whole: String {
    get throws {
      let iptables = try output("output.iptables")
      let ip6tables = try output("output.ip6tables")
      let known = Set(iptables.split(separator: "\n"))
      let isPart = ip6tables.split(separator: "\n").allSatisfy { line in
        !line.hasPrefix("-A ") || known.contains(line)
      }
      let rest =
        isPart
        ? "ip6tables gets those of these rules that name no IPv4 address.\n"
        : "## All of it, for ip6tables\n\n\(block("iptables", ip6tables))\n"
      return """
        ## All of it, for nft

        \(block("nft", try output("output.nft")))

        ## All of it, for iptables

        \(block("iptables", iptables))

        \(rest)
        """
    }
  }
}

/// `Docs/Rulesets` shows the rules that the compiler emits.
@Suite struct RulesetPageTests {
  @Test(arguments: try RulesetPage.all())
  func pageIsUpToDate(_ page: RulesetPage) throws {
    try GoldenFile(url: page.url).expect(page.text)
  }

  @Test func everyPageHasItsProseAndStandsInTheIndex() throws {
    let names = try RulesetPage.all().map(\.name)
    let pages = try Repository.entries(of: RulesetPage.folder).filter { $0.hasSuffix(".md") }
    #expect(Set(pages) == Set(names.map { "\($0).md" } + ["README.md"]))
    let index = try Repository.text(RulesetPage.folder.appending(path: "README.md"))
    for name in names { #expect(index.contains("](\(name).md)"), "\(name)") }
  }
}
