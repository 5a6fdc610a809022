import Diagnostics
import Syntax

extension PolicyDraft {
  /// Names of one name space that differ only in case.
  func checkSimilarNames(_ log: inout DiagnosticLog) {
    let shared = networks.map(\.name) + lists.map(\.declaration.name)
    report(similar: shared, &log)
    report(similar: services.map(\.declaration.name), &log)
    for network in networks where network.hasCapitals {
      report(similar: network.guestPlaces.indices.map { network.guest($0).name }, &log)
    }
  }

  private func report(similar names: [Identifier], _ log: inout DiagnosticLog) {
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
}
