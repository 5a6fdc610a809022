import ArgumentParser

/// The command line.
@main
struct Tool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bridgeward",
    abstract: "Compiles network policies for containers and VMs to nft and iptables rules.",
    discussion: """
      Exit codes: 0 fine; 1 findings, or a difference; 2 wrong usage or a wrong policy; \
      3 the machine failed (a file, a full disk, a missing right).
      """,
    version: Version.current,
    subcommands: [
      Check.self, Compile.self, Diff.self, Apply.self, Confirm.self, Rollback.self,
      HistoryList.self, Remove.self, Boot.self, Keep.self, Status.self, DoctorCommand.self,
      Format.self, Defaults.self, Explain.self,
    ])

  /// Runs the command that the arguments name and ends the process.
  static func main() {
    let status: ExitStatus
    do {
      var command = try parseAsRoot()
      try command.run()
      status = .success
    } catch let requested as ExitStatus {
      status = requested
    } catch {
      status = Failure.report(error)
    }
    status.exit()
  }
}
