import Foundation
import Testing

/// The table of targets in `Docs/Architecture.md` is the one in `Package.swift`.
@Suite struct ArchitectureTableTests {
  /// A row: the layer, the target, its charter and what it imports.
  private struct Target: Hashable, CustomStringConvertible {
    let layer: String
    let name: String
    let charter: String
    let imports: [String]

    var description: String {
      let list = imports.isEmpty ? "–" : imports.joined(separator: ", ")
      return "| \(layer) | `\(name)` | \(charter) | \(list) |"
    }
  }

  @Test func tableIsThatOfTheManifest() throws {
    let manifest = try manifestTargets(Pages.text("Package.swift"))
    let table = try tableTargets(Pages.text("Docs/Architecture.md"))
    #expect(manifest.count > 8)
    for target in manifest { #expect(table.contains(target), "the table lacks \(target)") }
    for target in table { #expect(manifest.contains(target), "the manifest lacks \(target)") }
  }

  private func tableTargets(_ page: String) -> [Target] {
    page.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 4, cells[1].hasPrefix("`"), Int(cells[0]) != nil else { return nil }
      return Target(
        layer: cells[0], name: cells[1].trimmingCharacters(in: ["`"]), charter: cells[2],
        imports: cells[3] == "–" ? [] : cells[3].components(separatedBy: ", ").sorted())
    }
  }

  /// Reads the targets by the form that the manifest keeps: lines with the layer, comments with
  /// the charter, then the target.
  private func manifestTargets(_ manifest: String) throws -> [Target] {
    var result: [Target] = []
    var layer = ""
    var charter: [String] = []
    var lines = manifest.components(separatedBy: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }[...]
    while let line = lines.popFirst(), line != "// Tests" {
      if line.hasPrefix("// Layer ") {
        layer = String(line.dropFirst(9))
      } else if line.hasPrefix("// ") {
        charter.append(String(line.dropFirst(3)))
      } else if ["target", "executableTarget", "systemLibrary"].contains(where: {
        line.hasPrefix(".\($0)(")
      }) {
        var text = line
        while depth(text) > 0, let next = lines.popFirst() { text += next }
        result.append(try target(text, layer, charter.joined(separator: " ")))
        charter = []
      } else {
        charter = []
      }
    }
    return result
  }

  private func depth(_ text: String) -> Int {
    text.reduce(0) { $1 == "(" ? $0 + 1 : $1 == ")" ? $0 - 1 : $0 }
  }

  private func target(_ text: String, _ layer: String, _ charter: String) throws -> Target {
    let own = text.replacing(/\.product\([^)]*\)/, with: "")
    let match = own.firstMatch(of: /name: "(\w+)"/)
    let name = try #require(match).output.1
    let list = own.firstMatch(of: /dependencies: \[([^\]]*)\]/)?.output.1 ?? ""
    let imports = list.matches(of: /"(\w+)"/).map { String($0.output.1) }
    return Target(
      layer: layer, name: String(name), charter: charter, imports: imports.sorted())
  }
}
