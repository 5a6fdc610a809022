import ArgumentParser
import Diagnostics
import Driver
import Host

/// `bridgeward fmt [--check] FILE…`
struct Format: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", _superCommandName: Tool.name,
    abstract: "Lay policies out in the one canonical way.",
    discussion: """
      Files are rewritten in place, and only if that changes them; - is written to standard output. \
      A file with mistakes is left as it is.
      """)

  @Flag(help: "Change nothing; name the files that would change and end with 1 if there are any.")
  var check = false

  @OptionGroup var color: ColorOption
  @OptionGroup var policy: PolicyArguments

  func run() throws {
    var status = ExitStatus.success
    for input in try expanded() {
      let result = try format(input)
      if result.rawValue > status.rawValue { status = result }
    }
    if status != .success { throw status }
  }

  private func expanded() throws -> [PolicyInput] {
    try policy.inputs.flatMap { input -> [PolicyInput] in
      guard case .path(let path) = input, Directory.exists(at: path) else { return [input] }
      let files = try Directory(path).files(withSuffix: ".ward")
      if files.isEmpty {
        throw ValidationError("the directory '\(path)' holds no policy (*.ward)")
      }
      return files.map(PolicyInput.path)
    }
  }

  private func format(_ input: PolicyInput) throws -> ExitStatus {
    let text = try InputFailure.told { () throws(HostError) in try PolicyText(input) }
    guard let formatted = text.formatted else {
      try Findings(log: text.log, sources: text.sources).write(to: .error, color: color)
      return .mistake
    }
    switch input {
    case _ where check:
      if text.isFormatted { return .success }
      try StandardStream.output.write("\(text.sources[0].name)\n")
      return .findings
    case .standardInput:
      try StandardStream.output.write(formatted)
    case .path(let path):
      if !text.isFormatted { try OutputFile(path).write(formatted) }
    }
    return .success
  }
}
