import Diagnostics
import NetworkTypes

/// A publish whose outside port is `auto`.
struct AutomaticPort {
  /// The index in `policy.publishes`.
  let publish: Int
  /// The host address as the line says it; `*` where it says none.
  let hostAddress: String
  /// The place of the word.
  let span: SourceSpan

  /// The dynamic ports of RFC 6335 but the first, 49152.
  static let first: UInt16 = 49153
  static let count = 65535 - 49153 + 1
  /// What stands for the port until it is known; no line can say it.
  static let unknown = PortRange(0)

  init(publish: Int, hostAddress: String, at span: SourceSpan) {
    self.publish = publish
    self.hostAddress = hostAddress
    self.span = span
  }
}

extension Resolver {
  /// Gives each `auto` its port: a hash of the line's own content, so that no line moves another;
  /// where two lines hash alike, the one whose content sorts first stays.
  mutating func assignAutomaticPorts() {
    let keyed = automaticPorts.map { (key: key(of: $0), port: $0) }
    let sorted = keyed.sorted { ($0.key, $0.port.span) < ($1.key, $1.port.span) }
    var taken: [TransportProtocol: PortTable] = [:]
    for (key, port) in sorted {
      let transport = draft.policy.publishes[port.publish].transport
      guard let offset = taken[transport, default: PortTable()].take(Self.hash(key)) else {
        log.add(.noAutomaticPort(at: port.span))
        continue
      }
      settle(port, AutomaticPort.first + UInt16(offset))
    }
  }

  private mutating func settle(_ port: AutomaticPort, _ number: UInt16) {
    let old = draft.policy.publishes[port.publish]
    draft.policy.publishes[port.publish] = Publish(
      transport: old.transport, hostAddress: old.hostAddress, families: old.familySet,
      hostPorts: PortRange(number), network: old.network, guest: old.guest,
      targetPort: old.targetPort, terms: old.terms, span: old.span)
    let guest = draft.policy.networks[old.network].guests[old.guest].name.value
    log.add(.automaticPort(number, old.transport, guest, old.targetPort, at: port.span))
  }

  private func key(of port: AutomaticPort) -> String {
    let publish = draft.policy.publishes[port.publish]
    let network = draft.policy.networks[publish.network]
    let guest = network.guests[publish.guest].name.value
    return [
      "\(publish.transport)", port.hostAddress, network.name.value, guest, "\(publish.targetPort)",
    ].joined(separator: " ")
  }

  /// FNV-1a, 64 bits (draft-eastlake-fnv).
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

/// Which automatic ports of one protocol are taken.
private struct PortTable {
  private var isTaken: [Bool] = []
  private var free = AutomaticPort.count

  /// Takes the first free place from `hash` on; `nil` if none is.
  mutating func take(_ hash: UInt64) -> Int? {
    if free == 0 { return nil }
    if isTaken.isEmpty { isTaken = [Bool](repeating: false, count: AutomaticPort.count) }
    var offset = Int(hash % UInt64(AutomaticPort.count))
    while isTaken[offset] { offset = (offset + 1) % AutomaticPort.count }
    isTaken[offset] = true
    free -= 1
    return offset
  }
}
