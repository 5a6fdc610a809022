import ArgumentParser
import Host

/// The command line.
@main
struct Tool: ParsableCommand {
  /// What each command has for its super-command: where one is read by itself, nobody then asks first
  /// whether it is `--generate-completion-script`, which took a third of a short run.
  static let name = "bridgeward"

  static let configuration = CommandConfiguration(
    commandName: name,
    abstract: "Compiles network policies for containers and VMs to nft and iptables rules.",
    discussion: """
      Exit codes: 0 fine; 1 findings, or a difference; 2 wrong usage or a wrong policy; \
      3 the machine failed (a file, a full disk, a missing right).
      """,
    version: Version.current,
    subcommands: [
      Check.self, Compile.self, Diff.self, Apply.self, Confirm.self, Rollback.self,
      HistoryList.self, Remove.self, Boot.self, Keep.self, Status.self, DoctorCommand.self,
      Trace.self, Test.self, ExposureCommand.self,
      Format.self, Defaults.self, Explain.self,
    ])

  /// Runs the command that the arguments name and ends the process.
  static func main() {
    Heap.share()
    Heap.tellExhaustion(
      """
      bridgeward: there is too little memory for this: Cannot allocate memory; raise the limit on \
      memory (ulimit -d, ulimit -v), or free some

      """, status: ExitStatus.environment.rawValue)
    let arguments = Array(CommandLine.arguments.dropFirst())
    let status: ExitStatus
    do {
      // That is where they come from; without any, a word to do something would end as help.
      if CommandLine.arguments.isEmpty {
        throw HostError(.notFound, "read /proc/self/cmdline", advice: "mount /proc")
      }
      // To look at all the commands for it would take twice as long as all the rest.
      if arguments == ["--version"] {
        try StandardStream.output.write("\(Version.current)\n")
      } else {
        var command = try command(arguments) ?? parseAsRoot(arguments)
        try command.run()
      }
      status = .success
    } catch let requested as ExitStatus {
      status = requested
    } catch {
      status = Failure.report(error)
    }
    status.exit()
  }

  /// The command that the first argument names, read without a look at the others, which would take
  /// most of a short run; `nil` where the whole tree has to say what is wrong, or to help.
  private static func command(_ arguments: [String]) -> (any ParsableCommand)? {
    guard let name = arguments.first,
      let type = configuration.subcommands.first(where: { $0.configuration.commandName == name }),
      let command = try? type.parseAsRoot(Array(arguments.dropFirst())),
      Swift.type(of: command) == type
    else { return nil }
    return command
  }
}
