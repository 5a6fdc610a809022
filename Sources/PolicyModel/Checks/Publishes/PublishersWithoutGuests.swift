import Diagnostics
import Syntax

extension PolicyDraft {
  /// Networks that publish and have nobody to publish.
  func checkPublishersWithoutGuests(_ log: inout DiagnosticLog) {
    for network in networks where network.guestPlaces.isEmpty {
      guard let place = network.publishPlaces.first else { continue }
      log.add(.publisherWithoutGuests(network.name, publish: network.statements[place].span))
    }
  }
}
