import ArgumentParser
import Driver
import Host

/// `bridgeward history`
struct HistoryList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", _superCommandName: Tool.name,
    abstract: "List the states that were in force.")

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  @Option(help: ArgumentHelp("How to print the list.", valueName: "text|json"))
  var format = Format.text

  @OptionGroup var state: StateOption

  func run() throws {
    let directory = try state.stateDirectory()
    let entries = try directory.history.items().map(HistoryLine.init)
    switch format {
    case .json: try StandardStream.output.write(JSONText.text(entries))
    case .text:
      for entry in entries { try StandardStream.output.write(entry.text) }
      if entries.isEmpty { try StandardStream.output.write("nothing was applied yet\n") }
    }
  }
}

/// One entry, as it is printed.
private struct HistoryLine: Encodable {
  let number: Int
  /// `accepted`, `confirmed`, `unconfirmed` or `damaged`.
  let state: String
  let time: String?
  /// `nft` or `iptables`.
  let backend: String?
  let policies: [String]?
  let sha256: String?

  init(_ item: HistoryItem) {
    number = item.number
    state =
      item.header == nil
      ? "damaged" : item.isAccepted ? "accepted" : item.isConfirmed ? "confirmed" : "unconfirmed"
    time = item.header.map { "\($0.time)" }
    backend = item.header?.backend.rawValue
    policies = item.header?.policies
    sha256 = item.header.map { "\($0.digest)" }
  }

  var text: String {
    let files = (policies ?? []).joined(separator: ", ")
    let way = backend == "iptables" ? "\tthrough iptables" : ""
    return "\(number)\t\(time ?? "-")\t\(state)\t\(files)\(way)\n"
  }
}
