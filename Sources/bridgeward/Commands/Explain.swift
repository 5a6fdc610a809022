import ArgumentParser
import Diagnostics
import Host

/// `bridgeward explain [ID]`
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", _superCommandName: Tool.name,
    abstract: "Explain a finding by the id in its brackets; without one, list them all.")

  @Argument(
    help: "The id of a finding, such as publish-conflict.",
    completion: .list(DiagnosticID.allCases.map(\.rawValue)))
  var id: String?

  @OptionGroup var color: ColorOption

  func validate() throws {
    guard let id, DiagnosticID(rawValue: id) == nil else { return }
    let noun = id.prefix { $0 != "-" }
    let similar = DiagnosticID.allCases.map(\.rawValue).filter { $0.hasPrefix(noun) }
    let hint = similar.isEmpty ? "" : "; there are \(similar.joined(separator: ", "))"
    throw ValidationError("no finding is called '\(id)'\(hint)")
  }

  func run() throws {
    let known = id.flatMap(DiagnosticID.init)
    let text = known.map { ExplanationText(Explanation($0)).description } ?? ExplanationText.list
    try StandardStream.output.write(text)
  }
}
