import ArgumentParser
import Driver
import Host

/// `bridgeward confirm`
struct Confirm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm", _superCommandName: Tool.name,
    abstract: "Keep the change that `apply --confirm` made.")

  @OptionGroup var state: StateOption

  func run() throws {
    let number = try state.application(patience: 10).confirm()
    Failure.afterChange {
      try StandardStream.output.write("confirmed; this is entry \(number) of the history\n")
    }
  }
}

/// `bridgeward keep NUMBER`: the process that undoes a change in time.
struct Keep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keep", _superCommandName: Tool.name,
    abstract: "Undo a change unless it is confirmed in time; `apply --confirm` runs this.",
    shouldDisplay: false)

  @OptionGroup var state: StateOption
  @Argument var number: Int

  func run() throws { try state.application().keep(number) }
}
