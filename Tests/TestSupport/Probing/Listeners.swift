import Glibc
import NetworkTypes

/// The sockets that hear and answer probes, at every station.
struct Listeners {
  /// What a socket is there for.
  enum Role {
    /// Hears packets of a protocol, of one family, wanted or not.
    case witness(Station, TransportProtocol, AddressFamily)
    case connections(Station)
    case datagrams(Station)
  }

  /// By number.
  private(set) var roles: [Int32: (role: Role, socket: Socket)] = [:]
  private var rawSockets: [Station: [RawProtocol: Socket]] = [:]
  private var frameSockets: [Station: Socket] = [:]
  private var ports: Set<UInt16> = []

  /// Opens the witnesses of every station.
  init(_ topology: RouterTopology, _ poller: Poller) throws {
    for station in topology.plan.stations {
      try topology[station].perform {
        for family in AddressFamily.allCases {
          for transport in [.tcp, .udp, .sctp, family.echoProtocol] {
            let socket = try Socket(raw: transport, family)
            if transport == .udp { try join(socket, family, station, topology.plan) }
            try poller.add(socket)
            roles[socket.number] = (.witness(station, transport, family), socket)
            rawSockets[station, default: [:]][RawProtocol(transport, family)] = socket
          }
        }
        frameSockets[station] = try Socket(frames: 0, on: station.interface)
      }
    }
  }

  private struct RawProtocol: Hashable {
    let transport: TransportProtocol
    let family: AddressFamily

    init(_ transport: TransportProtocol, _ family: AddressFamily) {
      self.transport = transport
      self.family = family
    }
  }

  private func join(
    _ socket: Socket, _ family: AddressFamily, _ station: Station, _ plan: TopologyPlan
  ) throws {
    let interfaces = station.isHost ? plan.segments.map(\.interface) : [station.interface]
    for interface in interfaces {
      try socket.join(MulticastGroup.everywhere[family], on: interface)
      try socket.join(MulticastGroup.neighbors[family], on: interface)
    }
  }

  /// Sends and hears packets of a protocol and family at `station`.
  func rawSocket(
    _ station: Station, _ transport: TransportProtocol, _ family: AddressFamily
  ) -> Socket {
    guard let socket = rawSockets[station]?[RawProtocol(transport, family)] else {
      preconditionFailure("every station has its witnesses")
    }
    return socket
  }

  /// Sends frames from `station`.
  func frameSocket(_ station: Station) -> Socket {
    guard let socket = frameSockets[station] else {
      preconditionFailure("every station has its frame socket")
    }
    return socket
  }

  /// Makes every station serve TCP and UDP on these ports, beside those of earlier calls.
  mutating func serve(
    _ wanted: Set<UInt16>, _ topology: RouterTopology, _ poller: Poller
  ) throws {
    let new = wanted.subtracting(ports).sorted()
    ports.formUnion(wanted)
    guard !new.isEmpty else { return }
    for station in topology.plan.stations {
      let addresses = topology.plan.localAddresses(of: station)
      try topology[station].perform {
        for port in new { try open(port, at: station, addresses, poller) }
      }
    }
  }

  /// Closes the sockets of all services; witnesses stay.
  mutating func stopServing() {
    ports = []
    roles = roles.filter { role in
      switch role.value.role {
      case .witness: true
      case .connections, .datagrams: false
      }
    }
  }

  // A datagram socket of one address answers from the address that it was called at.
  private mutating func open(
    _ port: UInt16, at station: Station, _ addresses: [IPAddress], _ poller: Poller
  ) throws {
    for family in AddressFamily.allCases {
      let stream = try Socket(SOCK_STREAM, SocketAddress(any: family, port))
      try stream.listen()
      try poller.add(stream)
      roles[stream.number] = (.connections(station), stream)
    }
    for address in addresses {
      let socket = try Socket(SOCK_DGRAM, SocketAddress(address, port))
      try poller.add(socket)
      roles[socket.number] = (.datagrams(station), socket)
    }
  }
}
