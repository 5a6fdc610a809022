import ArgumentParser
import Driver
import Host

/// `bridgeward boot`: the rules of the last time, before any network is up.
struct Boot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boot", _superCommandName: Tool.name,
    abstract: "Load the rules that were in force last; for bridgeward-boot.service.",
    discussion: "Reads no policy and writes nothing, so that it works however early it runs.")

  @OptionGroup var state: StateOption

  func run() throws {
    guard let warnings = try state.application(patience: 10).loadAccepted() else {
      return try StandardStream.output.write("nothing was applied yet\n")
    }
    for warning in warnings { try StandardStream.error.write("bridgeward: \(warning)\n") }
  }
}
