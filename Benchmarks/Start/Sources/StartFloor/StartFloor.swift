import ArgumentParser

/// Starts, reads the arguments of `bridgeward check FILE…`, and does nothing else: what a program in
/// Swift takes that leaves its arguments to the library.
@main
struct StartFloor: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, sarif }
  enum Target: String, ExpressibleByArgument { case nft, iptables, ip6tables }

  // As each command of the program: else the library would first look for a completion script's flag.
  static let configuration = CommandConfiguration(
    commandName: "check", _superCommandName: "bridgeward", abstract: "A policy.")

  @Option(name: .customLong("target"), help: "Whose rules.") var targets: [Target] = []
  @Option(help: "The policy so far.", completion: .file(extensions: ["ward"]))
  var against: [String] = []
  @Flag(help: "Whether anything is newly reachable.") var noWider = false
  @Flag(help: "Apply fixes.") var fix = false
  @Option(help: "How to print.") var format = Format.text
  @OptionGroup var assumption: AssumeOption
  @OptionGroup var host: HostOption
  @OptionGroup var color: ColorOption
  @OptionGroup var policy: PolicyArguments

  /// Reads the arguments behind the command's name, as the program does.
  static func main() {
    do {
      let command = try parseAsRoot(Array(CommandLine.arguments.dropFirst(2)))
      guard let command = command as? StartFloor, !command.policy.files.isEmpty else {
        Self.exit(withError: ExitCode.failure)
      }
    } catch {
      Self.exit(withError: error)
    }
  }
}

struct AssumeOption: ParsableArguments {
  enum Capability: String, ExpressibleByArgument { case meta, conntrack }
  @Option(help: "What the kernel can do.") var assume: [Capability] = []
}

struct HostOption: ParsableArguments {
  @Option(help: "This host.") var host: String?
}

struct ColorOption: ParsableArguments {
  enum Choice: String, CaseIterable, ExpressibleByArgument { case auto, always, never }
  @Option(help: "When to write colors.") var color = Choice.auto
}

struct PolicyArguments: ParsableArguments {
  @Argument(help: "Files.", completion: .file(extensions: ["ward"])) var files: [String]
}
