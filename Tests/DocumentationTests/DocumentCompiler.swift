import Diagnostics
import Driver
import Foundation
import Testing

/// Compiles the policies that pages show.
struct DocumentCompiler {
  /// What the compiler says about a block.
  func findings(in block: CodeBlock) throws -> [Diagnostic] {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "bridgeward-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var blocks = [block]
    if !block.text.contains("network ") { blocks += try Self.standardPolicy() }
    for (index, block) in blocks.enumerated() {
      let file = folder.appending(path: "\(index).ward")
      try block.text.write(to: file, atomically: true, encoding: .utf8)
    }
    return try Compiler().compile([.path(folder.path)]).findings(of: [.nft]).sorted
  }

  /// The policy that blocks without networks continue.
  private static func standardPolicy() throws -> [CodeBlock] {
    try CodeBlock.blocks(of: "Docs/Language/README.md").filter { $0.info == "ward" }
  }
}
