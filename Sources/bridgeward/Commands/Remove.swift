import ArgumentParser
import Driver
import Host

/// `bridgeward remove`
struct Remove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", _superCommandName: Tool.name,
    abstract: "Take out everything of ours.",
    discussion: """
      Rules, and kernel settings as they were before. Connections through published ports and \
      masquerading end with the rules that translate them.
      """)

  @OptionGroup var state: StateOption

  func run() throws {
    let outcome = try state.application(patience: 10).remove(.ofEnvironment)
    var text = outcome.hadRules ? "removed\n" : "there were no rules of ours\n"
    for name in outcome.settings { text += "\(name) is as it was\n" }
    for name in outcome.leftAlone {
      text += "\(name) was set by somebody else since, and is left alone\n"
    }
    for name in outcome.absent {
      text += "\(name) has no interface now: there is nothing to put back\n"
    }
    let count = outcome.translatedConnections
    if count > 0 {
      let noun = count == 1 ? "connection was" : "connections were"
      text += "\(count) \(noun) being translated; what our rules rewrote may end now\n"
    }
    Failure.afterChange { try StandardStream.output.write(text) }
  }
}
