import ArgumentParser
import Host

/// When to write colors.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, always, never
}

/// `--color`, which every command takes.
struct ColorOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "When to write colors; auto: on a terminal, unless NO_COLOR is set.",
      valueName: "auto|always|never"))
  var color = ColorChoice.auto

  /// Whether to write colors to `stream`.
  func isOn(for stream: StandardStream) -> Bool {
    switch color {
    case .always: true
    case .never: false
    case .auto: stream.isTerminal && (Environment.value(of: "NO_COLOR") ?? "").isEmpty
    }
  }
}
