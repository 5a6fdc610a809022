import Foundation
import Testing

/// Pages lead to each other and to what is there.
@Suite struct LinkTests {
  @Test func everyLinkLeadsSomewhere() throws {
    for page in try Pages.all() {
      let folder = Pages.root.appending(path: page).deletingLastPathComponent()
      for target in try links(of: page) {
        let file = String(target.prefix { $0 != "#" })
        let exists = FileManager.default.fileExists(atPath: folder.appending(path: file).path)
        #expect(exists, "\(page) links to \(target)")
      }
    }
  }

  /// The targets of links in the repository.
  private func links(of page: String) throws -> [String] {
    try Pages.text(page).matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
      .filter { !$0.hasPrefix("http") }
  }

  @Test func everyExampleIsInTheIndex() throws {
    let index = try Pages.text("Examples/README.md")
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Pages.root.appending(path: "Examples").path)
    for file in files.sorted() where file.hasSuffix(".ward") {
      #expect(index.contains("(\(file))"), "\(file) is not in the index")
    }
  }

  @Test func everyStatementHasAPageInTheIndex() throws {
    let index = try Pages.text("Docs/Language/README.md")
    for page in try Pages.all() where page.hasPrefix("Docs/Language/") {
      let name = page.dropFirst("Docs/Language/".count)
      #expect(name == "README.md" || index.contains("(\(name))"), "\(name) is in no index")
    }
  }
}
