import Driver
import Foundation
import RulesetTestSupport

/// A tool that loads what was compiled, and shows what stands there then.
enum Loader: String, CaseIterable, Sendable {
  case nft, iptablesNft = "iptables-nft", iptablesLegacy = "iptables-legacy"

  /// What the tool shows after loading each of `outputs`, one after the other, each into nothing;
  /// or what it says against it.
  func shown(_ outputs: [[Backend: [UInt8]]]) throws -> [String] {
    var files: [String: [UInt8]] = [:]
    for (index, output) in outputs.enumerated() {
      for backend in Backend.allCases { files["\(index).\(backend.rawValue)"] = output[backend] }
    }
    let result = try NamespacedShell(files: files).run(
      "for i in $(seq 0 \(outputs.count - 1)); do\n\(script)\nprintf '\(Self.mark)'; done 2>&1")
    return result.output.components(separatedBy: Self.mark).dropLast().map { $0 }
  }

  private static let mark = "=== end of output ==="

  /// Loads the files of number `i`, and lists.
  private var script: String {
    switch self {
    case .nft:
      """
      nft flush ruleset && nft -c -f $i.nft && nft -f $i.nft && nft -j list ruleset
      """
    case .iptablesNft, .iptablesLegacy:
      """
      a=\(rawValue) b=ip6\(rawValue.dropFirst(2))
      for c in $a $b; do
        printf '*%s\nCOMMIT\n' raw mangle filter nat | $c-restore
      done
      $a-restore --noflush --test < $i.iptables && $a-restore --noflush < $i.iptables &&
      $b-restore --noflush --test < $i.ip6tables && $b-restore --noflush < $i.ip6tables &&
      $a-save && $b-save
      """
    }
  }

  /// What is shown, without the words that differ where the meaning does not: numbers of objects,
  /// comments, and the names of objects, which are counted.
  ///
  /// - Parameter replacements: Texts that stand for others.
  func objects(in shown: String, replacing replacements: [String: String]) -> [String] {
    self == .nft
      ? nftObjects(shown, replacements) : saveObjects(shown, replacements)
  }
}

/// The objects of `nft -j list ruleset`, each as a text.
private func nftObjects(_ shown: String, _ replacements: [String: String]) -> [String] {
  let tree = try? JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [String: Any]
  guard let objects = tree?["nftables"] as? [[String: Any]] else { return ["no listing: \(shown)"] }
  var names: [String: String] = [:]
  for object in objects {
    for kind in ["chain", "set", "map"] {
      guard let body = object[kind] as? [String: Any], let name = body["name"] as? String else {
        continue
      }
      names[name] = names[name] ?? "object\(names.count)"
    }
  }
  return objects.filter { $0["metainfo"] == nil }.map { object in
    plain(object) { text in
      if let replaced = replacements[text] { return replaced }
      if let name = names[text] { return name }
      return text.hasPrefix("@") ? "@" + (names[String(text.dropFirst())] ?? text) : text
    }
  }
}

/// JSON as a text with sorted keys, without handles and comments.
private func plain(_ value: Any, _ rename: (String) -> String) -> String {
  switch value {
  case let members as [String: Any]:
    let kept = members.filter { $0.key != "handle" && $0.key != "comment" }
    let parts = kept.keys.sorted().map { key -> String in
      // Elements have no order of their own.
      if key == "elem", let items = kept[key] as? [Any] {
        return "elem:\(items.map { plain($0, rename) }.sorted())"
      }
      return "\(key):\(plain(kept[key] ?? NSNull(), rename))"
    }
    return "{\(parts.joined(separator: ","))}"
  case let items as [Any]:
    return "[\(items.map { plain($0, rename) }.joined(separator: ","))]"
  case let text as String: return "'\(rename(text))'"
  default: return "\(value)"
  }
}

/// The lines of iptables-save.
private func saveObjects(_ shown: String, _ replacements: [String: String]) -> [String] {
  var names: [String: String] = [:]
  return shown.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
    var words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    words = joinedQuotes(words)
    for index in words.indices {
      if index > 0, words[index - 1] == "--comment" { words[index] = "comment" }
      words[index] = replacements[words[index]] ?? words[index]
      let colon = words[index].hasPrefix(":") ? ":" : ""
      let name = String(words[index].dropFirst(colon.count))
      guard name.hasPrefix("BW-") else { continue }
      names[name] = names[name] ?? "chain\(names.count)"
      words[index] = colon + (names[name] ?? "")
    }
    return words.joined(separator: " ")
  }
}

/// Words of which some were one between quotes, put together and without quotes and escapes.
private func joinedQuotes(_ words: [String]) -> [String] {
  var result: [String] = []
  var quoted: String?
  for word in words {
    let text = quoted.map { "\($0) \(word)" } ?? word
    let isOpen = text.hasPrefix("\"") && (text.utf8.count == 1 || !text.hasSuffix("\""))
    quoted = isOpen ? text : nil
    if isOpen { continue }
    let plain = text.hasPrefix("\"") ? String(text.dropFirst().dropLast()) : text
    result.append(plain.replacingOccurrences(of: "\\'", with: "'"))
  }
  return result + [quoted].compactMap(\.self)
}
