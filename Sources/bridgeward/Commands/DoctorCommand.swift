import ArgumentParser
import Diagnostics
import Driver
import FoundationEssentials
import Host

/// `bridgeward doctor [--format text|json] [FILE…]`
struct DoctorCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  static let configuration = CommandConfiguration(
    commandName: "doctor", _superCommandName: Tool.name,
    abstract: "Find what keeps a policy from working on this host.",
    discussion: """
      Looks at the rules of others, the kernel's settings, interfaces, addresses, listening \
      processes and boot scripts, and says what to do. Changes nothing. Ends with 0 if all is \
      well, 1 if there are problems. It sees most as root.
      """)

  @Option(help: ArgumentHelp("How to print the findings.", valueName: "text|json"))
  var format = Format.text

  @OptionGroup var hostOption: HostOption
  @OptionGroup var color: ColorOption

  @Argument(
    help: ArgumentHelp(
      "The policy: files, directories, or - for standard input; without one, only what concerns "
        + "any policy is looked at.", valueName: "file"),
    completion: .file(extensions: ["ward"]))
  var files: [String] = []

  func run() throws {
    var compilation: Compilation?
    if !files.isEmpty {
      let result = try Compiler(host: hostOption.host).compileForTool(
        files.map(PolicyInput.init))
      try Findings(log: result.log, sources: result.sources).write(to: .error, color: color)
      if result.log.hasErrors { throw ExitStatus.mistake }
      compilation = result
    }
    let report = Doctor { bytes in
      try? JSONDecoder().decode(JSONTree.self, from: Data(bytes))
    }.examine(compilation)
    switch format {
    case .text: try StandardStream.output.write(DoctorText(report).description)
    case .json: try StandardStream.output.write(JSONText.text(report))
    }
    if report.problems > 0 { throw ExitStatus.findings }
  }
}
