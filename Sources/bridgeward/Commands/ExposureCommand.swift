import ArgumentParser
import Diagnostics
import Driver
import HeaderSpace
import Host

/// `bridgeward exposure [--format text|json|html] FILE…`
struct ExposureCommand: ParsableCommand {
  enum Form: String, CaseIterable, ExpressibleByArgument { case text, json, html }

  static let configuration = CommandConfiguration(
    commandName: "exposure", _superCommandName: Tool.name,
    abstract: "Say who can reach what under a policy.",
    discussion: """
      The exact answer, computed on the rules that the policy compiles to: every connection that \
      they let through, from the world, the networks and the host. Rules of others, on the host \
      or elsewhere, may let through less.
      """)

  @Option(help: ArgumentHelp("How to print it.", valueName: "text|json|html"))
  var format = Form.text

  @OptionGroup var assumed: AssumeOption
  @OptionGroup var hostOption: HostOption
  @OptionGroup var color: ColorOption
  @OptionGroup var policy: PolicyArguments

  func run() throws {
    let compiler = Compiler(host: hostOption.host, capabilities: assumed.capabilities)
    let result = try compiler.compileForTool(policy.inputs)
    guard let resolved = result.policy, let installation = Installation(result) else {
      try Findings(log: result.log, sources: result.sources).write(to: .error, color: color)
      throw ExitStatus.mistake
    }
    let report = ExposureReport(
      installation, of: resolved, named: policy.files.joined(separator: " "))
    switch format {
    case .text:
      let text = ExposureText(report, isColored: color.isOn(for: .output)).text
      try StandardStream.output.write(text)
    case .json: try StandardStream.output.write(JSONText.text(report))
    case .html: try StandardStream.output.write(ExposurePage(report).text)
    }
  }
}
