import ArgumentParser
import Diagnostics
import Driver
import Host

/// `bridgeward defaults FILE…`
struct Defaults: ParsableCommand {
  enum Form: String, CaseIterable, ExpressibleByArgument { case text, json }

  static let configuration = CommandConfiguration(
    commandName: "defaults", _superCommandName: Tool.name,
    abstract: "List everything that a policy does not say and the language decides.")

  @Option(help: ArgumentHelp("How to print the list.", valueName: "text|json"))
  var format = Form.text

  @OptionGroup var hostOption: HostOption
  @OptionGroup var color: ColorOption
  @OptionGroup var policy: PolicyArguments

  func run() throws {
    let result = try Compiler(host: hostOption.host).compileForTool(policy.inputs)
    guard let resolved = result.policy else {
      try Findings(log: result.log, sources: result.sources).write(to: .error, color: color)
      throw ExitStatus.mistake
    }
    let decisions = impliedDecisions(
      of: resolved, trees: result.trees, sources: result.sources)
    switch format {
    case .text: try StandardStream.output.write(DecisionTable(decisions).description)
    case .json: try StandardStream.output.write(JSONText.text(decisions))
    }
  }
}
