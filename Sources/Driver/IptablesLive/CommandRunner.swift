package import Host

/// Runs programs of the system; tests put programs of their own in between.
package struct CommandRunner: Sendable {
  /// Runs a command with its input to its end.
  package let run: @Sendable (Command, [UInt8]) throws(HostError) -> CommandResult

  package init(
    run: @escaping @Sendable (Command, [UInt8]) throws(HostError) -> CommandResult
  ) {
    self.run = run
  }

  /// Runs them as they are.
  package static let system = CommandRunner { command, input throws(HostError) in
    try command.run(input: input)
  }
}
