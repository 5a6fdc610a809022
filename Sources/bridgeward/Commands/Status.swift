import ArgumentParser
import Driver
import Host

/// `bridgeward status [--format text|json] [--watch] [POLICY…]`
struct Status: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  static let configuration = CommandConfiguration(
    commandName: "status", _superCommandName: Tool.name,
    abstract: "Say what is in force on this host.",
    discussion: """
      Shows which policy was applied and when, whether the kernel's rules still are that policy's, \
      how many packets and bytes the rules of each line have seen, and, where denials are logged, \
      those that the kernel's log tells of most often. Needs root, or CAP_NET_ADMIN. Ends with 0 if the rules are the policy's, 1 if not.
      """)

  @Option(help: ArgumentHelp("How to print it.", valueName: "text|json"))
  var format = Format.text

  @Flag(help: "Show it again every two seconds, with rates, until interrupted.")
  var watch = false

  @Option(
    help: ArgumentHelp(
      "What keeps the rules; without it, what the policy was applied with last, or else nft.",
      valueName: "nft|iptables"))
  var backend: LiveBackend?

  @OptionGroup var hostOption: HostOption
  @OptionGroup var state: StateOption

  @Argument(
    help: ArgumentHelp(
      "The policy to compare with; without one, that which was applied last.",
      valueName: "file"),
    completion: .file(extensions: ["ward"]))
  var files: [String] = []

  func validate() throws {
    if watch, format == .json {
      throw ValidationError("--watch shows text; run `status --format json` again and again")
    }
  }

  func run() throws {
    if watch { try watchForEver() }
    let report = try report()
    switch format {
    case .text: try StandardStream.output.write(StatusText(report).text)
    case .json: try StandardStream.output.write(JSONText.text(report))
    }
    if let drift = report.drift, !drift.same || !drift.foreign.isEmpty { throw ExitStatus.findings }
  }

  private func watchForEver() throws -> Never {
    var before: StatusReport?
    while true {
      let report = try report()
      let text = StatusText(report, before: before, seconds: Double(Self.pause) / 1e9).text
      // ECMA-48: the cursor to the top left, and everything behind it gone.
      try StandardStream.output.write("\u{1B}[H\u{1B}[2J" + text)
      before = report
      BootTime.sleep(until: BootTime.now.advanced(by: Self.pause))
    }
  }

  /// Nanoseconds.
  private static let pause: UInt64 = 2_000_000_000

  private func report() throws -> StatusReport {
    let applied = try state.stateDirectory().applied()
    switch backend ?? applied?.header?.backend ?? .nft {
    case .nft: return try reportOfKernel(applied)
    case .iptables: return try reportOfIptables(applied)
    }
  }

  private func reportOfKernel(_ applied: HistoryItem?) throws -> StatusReport {
    let live = try LiveRules.read(knownTo: state.stateDirectory())
    let result = try compilation(applied) { compiler, inputs in
      try compiler.compileForToolAndKernel(compiler.readForTool(inputs))
    }
    let comparison = result.flatMap { Comparison.State($0) }.map { state in
      ComparisonReport(
        from: live, to: state, named: names(applied).joined(separator: ", "), withRules: false,
        sysctls: [])
    }
    return StatusReport(
      live, applied: applied, comparison: comparison, denials: try denials(result))
  }

  private func reportOfIptables(_ applied: HistoryItem?) throws -> StatusReport {
    let result = try compilation(applied) { compiler, inputs in
      try compiler.compileForTool(inputs)
    }
    let rules = result?.ruleset.map { (name: names(applied).joined(separator: ", "), rules: $0) }
    return try StatusReport(
      .ofEnvironment, applied: applied, policy: rules, denials: try denials(result))
  }

  private func denials(_ result: Compilation?) throws -> Denials {
    Denials(DenialLog(result?.policy), in: try NetworkNamespaceIdentity.current()) {
      () throws(HostError) in try KernelLog.messages()
    }
  }

  /// The policies to compare with.
  private func names(_ applied: HistoryItem?) -> [String] {
    files.isEmpty ? applied?.header?.policies ?? [] : files
  }

  /// `nil` where there is no policy to compare with.
  private func compilation(
    _ applied: HistoryItem?, by compile: (Compiler, [PolicyInput]) throws -> Compilation
  ) throws -> Compilation? {
    let names = names(applied)
    guard !names.isEmpty else { return nil }
    let compiler = Compiler(host: hostOption.host)
    let inputs = names.map(PolicyInput.init)
    // The file that was applied may be gone, or half edited: then there is nothing to compare with.
    let result = files.isEmpty ? try? compile(compiler, inputs) : try compile(compiler, inputs)
    guard let result, Comparison.State(result) != nil else {
      if files.isEmpty { return nil }
      throw ExitStatus.mistake
    }
    return result
  }
}
