import ArgumentParser
import Diagnostics
import Driver
import Host

/// `bridgeward test [--backend nft|iptables]… [--format text|json|junit] FILE…`
struct Test: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, junit }

  static let configuration = CommandConfiguration(
    commandName: "test", _superCommandName: Tool.name,
    abstract: "Try the `expect` lines of a policy on the rules of every backend.",
    discussion: """
      Each line is tried for both families, with bridged frames handed to IP rules and not. Needs \
      no rights and changes nothing. Ends with 0 if all hold, 1 if one does not or nobody can \
      tell, 2 if the policy has errors.
      """)

  @Option(
    help: ArgumentHelp(
      "Whose rules to try; may be repeated. All, if nothing is said.",
      valueName: "nft|iptables"))
  var backend: [LiveBackend] = []

  @OptionGroup var frames: BridgedFramesOption

  @Option(help: ArgumentHelp("How to print the results.", valueName: "text|json|junit"))
  var format = Format.text

  @OptionGroup var assumption: AssumeOption
  @OptionGroup var hostOption: HostOption
  @OptionGroup var color: ColorOption
  @OptionGroup var policy: PolicyArguments

  func run() throws {
    let compiler = Compiler(host: hostOption.host, capabilities: assumption.capabilities)
    let result = try compiler.compileForTool(policy.inputs)
    let states = frames.bridgeNetfilter.map { [$0.isOn] } ?? [false, true]
    let backends = backend.isEmpty ? LiveBackend.allCases : backend
    guard let run = TestRun(result, backends: backends, states: states) else {
      try Findings(log: result.log, sources: result.sources).write(to: .error, color: color)
      throw ExitStatus.mistake
    }
    if run.expectations == 0 {
      try StandardStream.error.write("bridgeward: the policy has no `expect` line to try\n")
    }
    switch format {
    case .text:
      let text = TestText(run, isColored: color.isOn(for: .output))
      try StandardStream.output.write(text.text)
    case .json: try StandardStream.output.write(JSONText.text(run))
    case .junit: try StandardStream.output.write(JUnitText(run).text)
    }
    if run.failed + run.undecided > 0 { throw ExitStatus.findings }
  }
}
