import ArgumentParser
import Diagnostics
import Driver
import HeaderSpace
import Host

/// `bridgeward check [--target nft|iptables|ip6tables]… [--fix] [--format text|json|sarif] FILE…`
struct Check: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, sarif }

  static let configuration = CommandConfiguration(
    commandName: "check", _superCommandName: Tool.name,
    abstract: "Say what is wrong with a policy.",
    discussion: """
      Ends with 0 if nothing is, 1 if there are warnings but no errors, 2 if there are errors. \
      With --against OLD --no-wider, it ends with 1, too, if anything is newly reachable from \
      outside. \
      What a backend cannot say, or says in a way worth knowing, is a finding too.
      """)

  @Option(
    name: .customLong("target"),
    help: ArgumentHelp(
      "Whose rules to check for, besides the policy; may be repeated. nft, if nothing is said.",
      valueName: "nft|iptables|ip6tables"))
  var targets: [Backend] = []

  @Option(
    help: ArgumentHelp("The policy so far, for --no-wider; may be repeated.", valueName: "file"),
    completion: .file(extensions: ["ward"]))
  var against: [String] = []

  @Flag(help: "It is a finding if anything is reachable from outside that was not so far.")
  var noWider = false

  @Flag(help: "Apply every fix that is certain, then check again.")
  var fix = false

  @Option(help: ArgumentHelp("How to print the findings.", valueName: "text|json|sarif"))
  var format = Format.text

  @OptionGroup var assumption: AssumeOption
  @OptionGroup var hostOption: HostOption
  @OptionGroup var color: ColorOption
  @OptionGroup var policy: PolicyArguments

  func validate() throws {
    if noWider == against.isEmpty {
      throw ValidationError("--against and --no-wider go together")
    }
    if noWider, format == .sarif {
      throw ValidationError("--no-wider prints text or JSON: SARIF has no words for it")
    }
    if fix, policy.inputs.contains(.standardInput) {
      throw ValidationError("--fix changes files; it cannot change standard input")
    }
  }

  func run() throws {
    let compiler = Compiler(host: hostOption.host, capabilities: assumption.capabilities)
    if fix { try applyFixes(compiler) }
    let result = try compiler.compileForTool(policy.inputs)
    let log = result.findings(of: targets.isEmpty ? [.nft] : targets)
    let findings = Findings(log: log, sources: result.sources)
    let wider = findings.status == .mistake ? nil : try widened(result)
    switch format {
    case .text:
      try findings.write(to: .output, color: color)
      if let wider { try show(wider) }
    case .json:
      let report = CheckReport(DiagnosticReport(log, sources: result.sources), wider: wider)
      try StandardStream.output.write(JSONText.text(report))
    case .sarif:
      let report = SARIFReport(
        log, sources: result.sources, toolVersion: Version.current)
      try StandardStream.output.write(JSONText.text(report))
    }
    if findings.status != .success { throw findings.status }
    if let wider, !wider.same { throw ExitStatus.findings }
  }

  /// What is newly reachable from outside; `nil` where `--no-wider` does not ask for it.
  private func widened(_ result: Compilation) throws -> FlowDifferenceReport? {
    guard noWider else { return nil }
    let before = try FlowInput(against, hostOption, assumption.capabilities, color)
    guard let after = Installation(result) else { return nil }
    return FlowDifferenceReport(
      FlowDifference(from: before.installation, to: after, scope: .world),
      from: before.name, to: policy.files.joined(separator: " "), where: \.isWider)
  }

  private func show(_ wider: FlowDifferenceReport) throws {
    if wider.same { return }
    let text = FlowDifferenceText(wider, isColored: color.isOn(for: .output)).text
    try StandardStream.output.write("Newly reachable from outside:\n" + text)
  }

  /// Applies fixes until no more are left: what mends one line may uncover another's.
  private func applyFixes(_ compiler: Compiler) throws {
    let roundLimit = 10
    var total = 0
    for _ in 0..<roundLimit {
      let result = try compiler.compileForTool(policy.inputs)
      let round = FixItApplication(result.log.sorted, to: result.sources)
      if round.files.isEmpty { break }
      for (file, bytes) in round.files {
        try OutputFile(result.sources[file].name).write(bytes)
      }
      total += round.applied
    }
    try StandardStream.error.write("\(total) \(total == 1 ? "fix" : "fixes") applied\n")
  }
}
