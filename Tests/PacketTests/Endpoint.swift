import NetworkTypes
import TestSupport

/// A place that a line of expectations names: an address in each family, or in one.
struct Endpoint {
  /// Who has the address; `nil` for an address that is nobody's.
  let owner: Station?
  private let addresses: [AddressFamily: IPAddress]

  /// Reads a station, `host.second`, `gw.SEGMENT`, `lo`, `metadata`, `elsewhere`,
  /// `everybody`, `broadcast`, `broadcast.SEGMENT` or an address.
  init?(_ word: String) {
    if let station = Station(rawValue: word) {
      self.init(station, AddressFamily.allCases.map(station.address))
    } else if let address = IPAddress(word) {
      self.init(address.isLoopback ? .host : nil, [address])
    } else if let segment = Self.segment(word, after: "gw.") {
      self.init(.host, AddressFamily.allCases.map(segment.gateway))
    } else if let segment = Self.segment(word, after: "broadcast.") {
      self.init(nil, [segment.prefix(.ipv4).last])
    } else {
      self.init(special: word)
    }
  }

  private init?(special word: String) {
    switch word {
    case "host.second": self.init(.host, ExtraAddress.hostSecond)
    case "metadata": self.init(.far, ExtraAddress.metadata)
    case "elsewhere": self.init(.bare, ExtraAddress.elsewhere)
    case "lo": self.init(.host, AddressPair(("127.0.0.1", "::1")))
    case "everybody": self.init(nil, AddressPair(("224.0.0.1", "ff02::1")))
    case "broadcast": self.init(nil, [IPAddress(family: .ipv4, bits: 0xFFFF_FFFF)])
    default: return nil
    }
  }

  private init(_ owner: Station?, _ pair: AddressPair) { self.init(owner, [pair.ipv4, pair.ipv6]) }

  private init(_ owner: Station?, _ addresses: [IPAddress]) {
    self.owner = owner
    self.addresses = Dictionary(uniqueKeysWithValues: addresses.map { ($0.family, $0) })
  }

  private static func segment(_ word: String, after prefix: String) -> Segment? {
    guard word.hasPrefix(prefix) else { return nil }
    return Segment(rawValue: String(word.dropFirst(prefix.count)))
  }

  /// The address in `family`; `nil` where the endpoint has none there.
  subscript(family: AddressFamily) -> IPAddress? { addresses[family] }
}
