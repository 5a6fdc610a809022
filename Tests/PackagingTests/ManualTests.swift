import Foundation
import ScratchFiles
import Testing

/// The manual pages say what the program says of itself, and are sound.
struct ManualTests {
  private let directory: Scratch
  private let pages: [String: String]

  init() throws {
    directory = try Scratch()
    try Self.generate(in: directory.path)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    pages = try Dictionary(
      uniqueKeysWithValues: names.filter { $0.hasSuffix(".1") }.map {
        [directory] in ($0, try directory.read($0))
      })
  }

  static func generate(in directory: String) throws {
    let run = try Script(
      #""$0/Packaging/manual.py" "$1" "$2""#, [Script.root, Script.program, directory],
      environment: ["SOURCE_DATE_EPOCH": "1700000000"])
    try #require(run.status == 0, "\(run.errors)")
  }

  /// The commands that `--help` lists.
  private static func commands() throws -> [String] {
    let help = try Script(#""$0" --help"#, [Script.program]).output
    let list = try #require(help.range(of: "SUBCOMMANDS:\n"))
    return help[list.upperBound...].split(separator: "\n").compactMap { line in
      let isName = line.hasPrefix("  ") && line.dropFirst(2).first?.isLetter == true
      return isName ? line.split(separator: " ").first.map(String.init) : nil
    }.filter { $0 != "See" }
  }

  @Test func everyCommandHasAPage() throws {
    let commands = try Self.commands()
    #expect(commands.contains("apply") && commands.contains("fmt"))
    #expect(Set(pages.keys) == Set(commands.map { "bridgeward-\($0).1" } + ["bridgeward.1"]))
    let first = try #require(pages["bridgeward.1"])
    for command in commands {
      #expect(first.contains(".It Xr bridgeward-\(command) 1\n"), "\(command)")
    }
  }

  @Test func everyOptionStandsInThePage() throws {
    for command in try Self.commands() {
      let page = try #require(pages["bridgeward-\(command).1"])
      let help = try Script(#""$0" "$1" --help"#, [Script.program, command]).output
      let options = help.matches(of: /(?m)^  (?:-\w, )?--([a-z-]+)/).map { String($0.1) }
      #expect(options.contains("help"))
      for option in options {
        let name = "-\(option)".replacingOccurrences(of: "-", with: "\\-")
        let heads = page.split(separator: "\n").filter { $0.hasPrefix(".It ") }
        let named = heads.contains { "\($0) ".contains(" Fl \(name) ") }
        #expect(named, "\(command) --\(option)")
      }
    }
  }

  @Test func mandocFindsNoFault() throws {
    for name in pages.keys.sorted() {
      let run = try Script(#"mandoc -Tlint -Wwarning "$0""#, ["\(directory.path)/\(name)"])
      #expect(run.status == 0 && run.output == "", "\(run.output)\(run.errors)")
    }
    try directory.write("bad.1", ".Dd nothing\n.Fl\n")
    let bad = try Script(#"mandoc -Tlint -Wwarning "$0""#, ["\(directory.path)/bad.1"])
    #expect(bad.status != 0, "mandoc finds faults where there are some")
  }

  @Test func theTextIsReadable() throws {
    let text = try Script(
      #"mandoc -Tutf8 "$0" | sed 's/.\x08//g'"#, ["\(directory.path)/bridgeward-apply.1"]
    ).output
    #expect(text.contains("bridgeward-apply – make this host keep a policy"))
    #expect(text.contains("bridgeward apply [--confirm seconds]"))
    #expect(text.contains("‘bridgeward diff’") && !text.contains("`"))
    #expect(text.contains("November 14, 2023"), "the date is SOURCE_DATE_EPOCH's")
  }

  @Test func theSameProgramGivesTheSamePages() throws {
    let other = try Scratch()
    try Self.generate(in: other.path)
    for (name, text) in pages { #expect(try other.read(name) == text, "\(name)") }
  }
}
