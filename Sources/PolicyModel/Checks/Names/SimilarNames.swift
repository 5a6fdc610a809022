import Diagnostics
import Syntax

extension PolicyDraft {
  /// Names of one name space that differ only in case.
  func checkSimilarNames(_ log: inout DiagnosticLog) {
    let shared = networks.map(\.declaration.name) + lists.map(\.declaration.name)
    report(similar: shared, &log)
    report(similar: services.map(\.declaration.name), &log)
    for network in networks {
      var guests: [Identifier] = []
      for case .guest(let node) in network.declaration.statements { guests.append(node.name) }
      report(similar: guests, &log)
    }
  }

  private func report(similar names: [Identifier], _ log: inout DiagnosticLog) {
    // Most policies have lower-case names only, and then there is nothing to compare.
    guard names.contains(where: { $0.text.utf8.contains(where: isUpper) }) else { return }
    var first: [String: Identifier] = [:]
    for name in names {
      let key = name.text.lowercased()
      guard let other = first[key] else {
        first[key] = name
        continue
      }
      if other.text != name.text { log.add(.similarName(name, other)) }
    }
  }

  private func isUpper(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
  }
}
