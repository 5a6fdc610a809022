import ArgumentParser
import Diagnostics
import Driver
import Host

/// `bridgeward compile --target nft|iptables|ip6tables [-o FILE] FILE…`
struct Compile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compile", _superCommandName: Tool.name,
    abstract: "Print the rules that make a host keep a policy.",
    discussion: """
      Nothing is written if the policy has errors. Warnings go to standard error and change no \
      exit code. Load the result with `nft -f`; or with `iptables-restore --noflush` and \
      `ip6tables-restore --noflush`, then run what iptables-hooks prints with `sh`. All of it may \
      be repeated.
      """)

  @Option(
    help: ArgumentHelp(
      "What to print the rules for.", valueName: "nft|iptables|ip6tables|iptables-hooks"))
  var target: Backend?

  @Option(
    help: ArgumentHelp(
      "Print what a stage of the compiler made instead.", valueName: "tokens|tree|policy|ruleset"))
  var emit: Stage?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to a file, whole or not at all.", valueName: "path"),
    completion: .file())
  var output: String?

  @OptionGroup var assumption: AssumeOption
  @OptionGroup var hostOption: HostOption
  @OptionGroup var color: ColorOption
  @OptionGroup var policy: PolicyArguments

  func validate() throws {
    guard (target == nil) != (emit == nil) else {
      throw ValidationError("say either --target BACKEND or --emit STAGE")
    }
  }

  func run() throws {
    let compiler = Compiler(host: hostOption.host, capabilities: assumption.capabilities)
    let result = try compiler.compileForTool(policy.inputs)
    var log = result.log
    var bytes: [UInt8]?
    if let emit { bytes = emit.text(of: result).map { Array($0.utf8) } }
    if let target, let output = target.output(of: result) {
      log.add(contentsOf: output.log)
      bytes = output.bytes
    }
    try Findings(log: log, sources: result.sources).write(to: .error, color: color)
    guard let bytes, !log.hasErrors || emit?.needsNoPolicy == true else {
      throw ExitStatus.mistake
    }
    if let output, output != "-" {
      try OutputFile(output).write(bytes)
    } else {
      try StandardStream.output.write(bytes)
    }
    if log.hasErrors { throw ExitStatus.mistake }
    // The process ends here, so that nobody takes a hundred thousand lines apart again.
    withExtendedLifetime((result, log)) { ExitStatus.success.exit() }
  }
}

extension Backend: ExpressibleByArgument {}
extension Stage: ExpressibleByArgument {}
