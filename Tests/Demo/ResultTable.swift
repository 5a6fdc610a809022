/// Who tried what through which backend, what happened, and which line of the policy decided.
struct ResultTable {
  private let results: [BackendResults]
  private let policyLines: [String]

  init(_ results: [BackendResults], policy: String) {
    self.results = results
    policyLines = policy.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " }.description }
  }

  /// The table in at most `width` columns, but for single words that are longer.
  func text(width: Int) -> String {
    let header = ["who tried what"] + results.map(\.backend.rawValue) + ["decided by"]
    let rows = Attempt.all.indices.map(row)
    let rule = header.map { String(repeating: "-", count: $0.count) }
    let lines = [header, rule] + rows
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    let body = lines.map { line in
      zip(line, widths).map { padded($0, to: $1) }.joined(separator: "  ").trimmingSuffix(" ")
    }
    return body.map { String($0.prefix(max(width, 80))) + "\n" }.joined() + legend
  }

  private func row(_ index: Int) -> [String] {
    let cells = results.map { backend in
      let result = backend.results[index]
      return result.summary + (result.isAsExpected ? "" : " UNEXPECTED")
    }
    var decisions: [String] = []
    for decision in results.map({ explained($0.results[index].decision) })
    where !decisions.contains(decision) {
      decisions.append(decision)
    }
    return [Attempt.all[index].title] + cells + [decisions.joined(separator: " | ")]
  }

  /// `line 15: publish tcp 80 -> proxy`, from a comment that names the file and line.
  private func explained(_ comment: String?) -> String {
    guard let comment else { return "no line: replies and the way out are open" }
    guard let place = comment.split(separator: " ").first(where: { $0.contains(".ward:") }),
      let number = place.split(separator: ":").dropFirst().first.flatMap({ Int($0) }),
      policyLines.indices.contains(number - 1)
    else { return "no line: \(comment)" }
    let line = policyLines[number - 1].prefix { $0 != "#" }.description.trimmingSuffix(" ")
    return "line \(number): \(line)"
  }

  private var legend: String {
    """

    IPv4 and IPv6 alike. iptables sees traffic inside a bridge only with
    net.bridge.bridge-nf-call-iptables = 1, as it was set here for it; nft needs it at no value.

    """
  }
}
