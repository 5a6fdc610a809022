import NetworkTypes
import TestSupport

/// One thing that somebody tries, over each of its families at once.
struct Attempt {
  /// What is to become of it.
  enum Outcome: Hashable {
    case reaches(Station)
    case dropped
  }

  let title: String
  let sender: Station
  let port: UInt16
  let families: [AddressFamily]
  let expected: Outcome
  /// Whom the receiver is to see; `nil` for the sender itself.
  let seenAs: Station?
  private let destination: @Sendable (AddressFamily) -> IPAddress?

  init(
    _ title: String, from sender: Station, port: UInt16, _ expected: Outcome,
    seenAs: Station? = nil, families: [AddressFamily] = AddressFamily.allCases,
    to destination: @escaping @Sendable (AddressFamily) -> IPAddress?
  ) {
    self.title = title
    self.sender = sender
    self.port = port
    self.expected = expected
    self.seenAs = seenAs
    self.families = families
    self.destination = destination
  }

  var probes: [Probe] {
    families.compactMap { family in
      destination(family).map { Probe(from: sender, to: $0, .tcp(port)) }
    }
  }

  func destination(_ family: AddressFamily) -> IPAddress? { destination(family) }

  static let loopback = AddressPair(("127.0.0.1", "::1"))

  static let all = [
    Attempt("outside client -> host:80", from: .lan, port: 80, .reaches(.proxy)) {
      Station.host.address($0)
    },
    Attempt("outside client -> proxy's own :80", from: .lan, port: 80, .dropped) {
      Station.proxy.address($0)
    },
    Attempt("proxy -> web:8080", from: .proxy, port: 8080, .reaches(.web)) {
      Station.web.address($0)
    },
    Attempt("web -> proxy:8080", from: .web, port: 8080, .dropped) {
      Station.proxy.address($0)
    },
    Attempt("web -> host:80 (hairpin)", from: .web, port: 80, .reaches(.proxy)) {
      Station.host.address($0)
    },
    Attempt("proxy -> host:80 (itself)", from: .proxy, port: 80, .reaches(.proxy)) {
      Station.host.address($0)
    },
    Attempt("web -> the world:443", from: .web, port: 443, .reaches(.far), seenAs: .host) {
      Station.far.address($0)
    },
    Attempt(
      "host -> 127.0.0.1:80", from: .host, port: 80, .reaches(.proxy), families: [.ipv4]
    ) { loopback[$0] },
  ]
}
