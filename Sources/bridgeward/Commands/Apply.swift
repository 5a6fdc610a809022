import ArgumentParser
import Diagnostics
import Driver
import Host

/// `bridgeward apply [--confirm SECONDS] POLICY…`
struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", _superCommandName: Tool.name,
    abstract: "Make this host keep a policy.",
    discussion: """
      Changes only what differs, all of it or nothing; `bridgeward diff` shows beforehand what that \
      is. What is in force then is loaded at the next boot, too, once bridgeward.service is enabled.
      """)

  @Option(
    help: ArgumentHelp(
      "Go back by itself after so many seconds, unless `bridgeward confirm` comes before.",
      valueName: "seconds"))
  var confirm: UInt64?

  @Flag(help: "Change nothing; show what would be changed, as `bridgeward diff` does.")
  var dryRun = false

  @Flag(help: "Go on even if that cuts the SSH connection that you work over.")
  var force = false

  @Flag(
    help: """
      The machine is starting: wait for others, do without a disk that can be written, and refuse \
      a policy that was gone back from the last time.
      """)
  var boot = false

  @Flag(help: "Tell every change, however many there are.")
  var verbose = false

  @OptionGroup var backend: BackendOption
  @OptionGroup var state: StateOption
  @OptionGroup var hostOption: HostOption
  @OptionGroup var color: ColorOption
  @OptionGroup var policy: PolicyArguments

  func validate() throws {
    if let confirm, !(1...86_400).contains(confirm) {
      throw ValidationError("--confirm takes 1 to 86400 seconds")
    }
    if confirm != nil, boot { throw ValidationError("nobody can confirm anything at boot") }
  }

  func run() throws {
    switch backend.backend {
    case .nft: try apply()
    case .iptables: try applyByIptables()
    }
  }

  private func applyByIptables() throws {
    let compiler = Compiler(host: hostOption.host)
    let result = try compiler.compileForTool(policy.inputs)
    var log = result.log
    for target in [Backend.iptables, .ip6tables] {
      if let output = target.output(of: result) { log.add(contentsOf: output.log) }
    }
    try Findings(log: log, sources: result.sources).write(to: .error, color: color)
    guard let ruleset = result.ruleset, !log.hasErrors else { throw ExitStatus.mistake }
    let iptables = backend.iptables
    if dryRun {
      let report = try show(iptables.compare(ruleset))
      if !report.same || !report.drift.isEmpty { throw ExitStatus.findings }
      return
    }
    let options = ApplyOptions(confirmation: confirm, isForced: force, isBoot: boot)
    let application = try state.application(patience: boot ? 60 : 0)
    let outcome = try application.apply(result, result.sources.digest, by: iptables, options)
    Failure.afterChange {
      try tell(outcome.warnings, waiting: outcome.missing)
      if outcome.isSame { return try StandardStream.output.write("nothing to change\n") }
      try show(outcome.comparison)
      try tellApplied()
    }
  }

  @discardableResult
  private func show(_ comparison: IptablesComparison) throws -> IptablesReport {
    let report = IptablesReport(comparison)
    let name = policy.files.joined(separator: ", ")
    let text = IptablesReportText(report, after: name, isColored: color.isOn(for: .output))
    try StandardStream.output.write(text.text)
    return report
  }

  private func apply() throws {
    let compiler = Compiler(host: hostOption.host)
    let sources = try compiler.readForTool(policy.inputs)
    let files = sources.sources
    let digest = Worker(isLong: files.isLarge) { files.digest }
    let result = try compiler.compileForToolAndKernel(consume sources)
    // What this kernel cannot keep is refused, not left out.
    let log = result.findings(of: [.nft])
    try Findings(log: log, sources: result.sources).write(to: .error, color: color)
    if result.policy == nil || log.hasErrors { throw ExitStatus.mistake }
    if dryRun { return try showDifference(result) }
    let options = ApplyOptions(
      confirmation: confirm, isForced: force, isBoot: boot, isVerbose: verbose)
    let application = try state.application(patience: boot ? 60 : 0)
    let outcome = try application.apply(result, digest.value(), options)
    Failure.afterChange { try show(outcome) }
    // The process ends here, so that nobody takes a hundred thousand lines apart again.
    withExtendedLifetime((result, outcome)) { ExitStatus.success.exit() }
  }

  private func showDifference(_ result: Compilation) throws {
    let live = try LiveRules.readOwned(knownTo: state.stateDirectory())
    guard let wanted = Comparison.State(result) else { throw ExitStatus.mistake }
    let report = try ComparisonReport(
      from: live, to: wanted, named: policy.files.joined(separator: ", "), withRules: false)
    let text = ComparisonText(report, isColored: color.isOn(for: .output)).text
    try StandardStream.output.write(text)
    if !report.same || !report.foreign.isEmpty { throw ExitStatus.findings }
  }

  /// So many changes are told without --verbose.
  private static let toldLimit = 200

  private func show(_ outcome: ApplyOutcome) throws {
    try tell(outcome.warnings, waiting: outcome.missing)
    let name = policy.files.joined(separator: ", ")
    if let loaded = outcome.loaded {
      try StandardStream.output.write(
        "nothing was there; loaded \(name): networks \(loaded.networks), publishes "
          + "\(loaded.publishes), flows \(loaded.flows), kernel settings "
          + "\(outcome.settings.count); --verbose tells each\n")
    } else if let report = ComparisonReport(outcome, named: name) {
      let text = ComparisonText(
        report, isColored: color.isOn(for: .output), limit: verbose ? .max : Self.toldLimit)
      try StandardStream.output.write(text.text)
    } else {
      return try StandardStream.output.write("nothing to change\n")
    }
    try tellApplied()
  }

  private func tell(_ warnings: [String], waiting settings: [String]) throws {
    for warning in warnings { try StandardStream.error.write("bridgeward: \(warning)\n") }
    for setting in settings {
      try StandardStream.error.write(
        "bridgeward: \(setting) waits for its interface to appear\n")
    }
  }

  private func tellApplied() throws {
    guard let confirm else { return try StandardStream.output.write("applied\n") }
    try StandardStream.output.write(
      "applied for \(confirm) s; keep it with: bridgeward confirm\n")
  }
}
