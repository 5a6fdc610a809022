import ArgumentParser
import Diagnostics
import Driver
import Host
import Netfilter

/// `bridgeward diff [--rules|--flows] [--backend nft|iptables] [--format text|json] [OLD] POLICY`
struct Diff: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  static let configuration = CommandConfiguration(
    commandName: "diff", _superCommandName: Tool.name,
    abstract: "Say what a policy would change; change nothing.",
    discussion: """
      With one policy, compares the kernel's rules with it; that needs root, or CAP_NET_ADMIN. \
      With two, compares the first with the second; that needs no rights. A policy of several \
      files is named by its directory, or by a file that includes the others. Ends with 0 if \
      packets are treated alike, 1 if not.
      """)

  @Flag(help: "Show rule by rule and element by element, too.")
  var rules = false

  @Flag(help: "Show which connections are newly possible and which no longer, and nothing else.")
  var flows = false

  @Option(help: ArgumentHelp("How to print the differences.", valueName: "text|json"))
  var format = Format.text

  @OptionGroup var assumed: AssumeOption
  @OptionGroup var backend: BackendOption
  @OptionGroup var state: StateOption
  @OptionGroup var hostOption: HostOption
  @OptionGroup var color: ColorOption

  @Argument(
    help: ArgumentHelp(
      "A policy, or two: the old and the new. Files, directories, or - for standard input.",
      valueName: "policy"),
    completion: .file(extensions: ["ward"]))
  var policies: [String]

  func validate() throws {
    if flows, rules || backend.backend == .iptables {
      throw ValidationError("--flows goes with neither --rules nor --backend iptables")
    }
    if policies.count > 1, backend.backend == .iptables {
      throw ValidationError("--backend is about the rules of this host; name one policy")
    }
    if policies.count > 2 {
      throw ValidationError(
        "compare one policy with the kernel, or two with each other; name a directory for a "
          + "policy of several files")
    }
    if policies.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input can be read once only")
    }
  }

  func run() throws {
    if flows { return try compareFlows() }
    switch backend.backend {
    case .nft: try compare()
    case .iptables: try compareWithIptables()
    }
  }

  private func compareWithIptables() throws {
    let compiler = Compiler(host: hostOption.host)
    let result = try compiler.compileForTool([PolicyInput(argument: policies[0])])
    var log = result.log
    for target in [Backend.iptables, .ip6tables] {
      if let output = target.output(of: result) { log.add(contentsOf: output.log) }
    }
    guard let ruleset = result.ruleset, !log.hasErrors else {
      try Findings(log: log, sources: result.sources).write(to: .error, color: color)
      throw ExitStatus.mistake
    }
    let report = IptablesReport(try backend.iptables.compare(ruleset))
    switch format {
    case .text:
      let text = IptablesReportText(
        report, after: policies[0], isColored: color.isOn(for: .output))
      try StandardStream.output.write(text.text)
    case .json: try StandardStream.output.write(JSONText.text(report))
    }
    if !report.same || !report.drift.isEmpty { throw ExitStatus.findings }
  }

  private func compare() throws {
    let report = try policies.count == 2 ? reportOnTwo() : reportOnKernel()
    switch format {
    case .text:
      let text = ComparisonText(report, isColored: color.isOn(for: .output)).text
      try StandardStream.output.write(text)
    case .json: try StandardStream.output.write(JSONText.text(report))
    }
    if !report.same || !report.foreign.isEmpty { throw ExitStatus.findings }
  }

  private func reportOnTwo() throws -> ComparisonReport {
    let compiler = Compiler(host: hostOption.host, capabilities: assumed.capabilities)
    let states = try policies.map { policy in
      try requireState(of: compiler.compileForTool([PolicyInput(argument: policy)]))
    }
    return ComparisonReport(
      from: states[0], named: policies[0], to: states[1], named: policies[1], withRules: rules)
  }

  private func reportOnKernel() throws -> ComparisonReport {
    let (result, live) = try compiledBesideKernel(policies[0])
    let after = try requireState(of: result)
    return try ComparisonReport(
      from: live.get(), to: after, named: policies[0], withRules: rules)
  }

  /// A policy compiled for this machine's kernel, and what that has of ours.
  func compiledBesideKernel(
    _ policy: String
  ) throws -> (Compilation, Result<LiveRules, LiveError>) {
    let compiler = Compiler(host: hostOption.host, capabilities: assumed.capabilities)
    let sources = try compiler.readForTool([PolicyInput(argument: policy)])
    let directory = try state.stateDirectory()
    // Where somebody else changed its rules, the kernel needs longer to tell them than this to compile.
    let live = Worker(isLong: sources.sources.isLarge) {
      Result { () throws(LiveError) in try LiveRules.readOwned(knownTo: directory) }
    }
    let result = try compiler.compileForToolAndKernel(consume sources)
    return (result, live.value())
  }

  /// The policy as rules; errors are shown and end the command. Of warnings `check` speaks.
  private func requireState(of result: Compilation) throws -> Comparison.State {
    if let state = Comparison.State(result) { return state }
    try Findings(log: result.log, sources: result.sources).write(to: .error, color: color)
    throw ExitStatus.mistake
  }
}
