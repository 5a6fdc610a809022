import ArgumentParser
import Driver

/// The policies that a command works on.
struct PolicyArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Files, directories (all *.ward files in them), or - for standard input.",
      discussion: "Several of them make one policy; their order does not matter.",
      valueName: "file"),
    completion: .file(extensions: ["ward"]))
  var files: [String]

  var inputs: [PolicyInput] { files.map(PolicyInput.init) }

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input can be read once only")
    }
  }
}
