import Foundation
import KernelForm
import Netfilter
import NftablesBackend
import RulesetTestSupport
import Testing

/// What nft itself makes of a ruleset's text.
struct NftTruth {
  /// The rules, each a line an expression.
  let rules: [String]
  /// The elements of each set that has any, in the order in which nft sends the sets.
  let elements: [[String]]

  /// - Throws: where nft does not take the text.
  init(_ ruleset: Ruleset) throws {
    let shell = NamespacedShell(files: ["rules.nft": nftScript(ruleset)])
    let result = try shell.run("nft --debug=netlink -c -f rules.nft")
    // Words that the kernel lacks are refused after they are printed.
    try #require(!result.errors.contains("syntax error"), "\(result.errors)")
    try #require(!result.errors.contains("conflicting"), "\(result.errors)")
    var rules: [String] = []
    var elements: [[String]] = []
    var (header, lastHeader) = ("", "")
    for line in result.output.split(separator: "\n").map(String.init) {
      if line.hasPrefix("\telement ") {
        // Many elements are sent in parts.
        let part = line.split(separator: "\t").map { Self.withoutComment(String($0)) }
        if header == lastHeader {
          elements[elements.count - 1] += part
        } else {
          elements.append(part)
        }
        lastHeader = header
      } else if line.hasPrefix("  [") {
        if let last = rules.indices.last { rules[last] += "\n" + Self.canonical(line) }
      } else if !line.hasPrefix("  userdata") {
        rules.append(line)
        if header != line { lastHeader = "" }
        header = line
      }
    }
    self.rules = rules.filter { $0.contains("\n") }
    self.elements = elements
  }

  /// Without the flag that tells of ports: the kernel adds it wherever there are any.
  private static func canonical(_ expression: String) -> String {
    guard expression.hasPrefix("  [ nat ") else { return expression }
    return expression.replacingOccurrences(of: " flags 0x2 ", with: " ")
      .replacingOccurrences(of: " flags 0x6 ", with: " flags 0x4 ")
      .replacingOccurrences(of: " flags 0x12 ", with: " flags 0x10 ")
  }

  private static func withoutComment(_ element: String) -> String {
    element.range(of: "  userdata").map { String(element[..<$0.lowerBound]) } ?? element
  }
}

extension KernelTable {
  /// The elements of each set that has any, in the order in which nft sends the sets.
  var elementLists: [[String]] {
    sets.map(NftNotation.elements).filter { !$0.isEmpty }
  }
}
