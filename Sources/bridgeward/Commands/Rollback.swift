import ArgumentParser
import Driver
import Host

/// `bridgeward rollback [NUMBER]`
struct Rollback: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", _superCommandName: Tool.name,
    abstract: "Go back to rules that were in force before.",
    discussion: """
      Undoes a change that waits for its confirmation; where none does, goes back to the state \
      before the one in force, or to the entry of `bridgeward history` that is named.
      """)

  @OptionGroup var state: StateOption

  @Argument(help: ArgumentHelp("An entry of the history.", valueName: "number"))
  var number: Int?

  func run() throws {
    let text =
      switch try state.application(patience: 10).rollback(to: number) {
      case .undone: "the change that nobody had confirmed is undone\n"
      case .entry(let number): "entry \(number) of the history is in force\n"
      }
    Failure.afterChange { try StandardStream.output.write(text) }
  }
}
