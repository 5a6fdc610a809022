import Glibc
import NetworkTypes

/// The state of one round of probes.
final class ProbeSession {
  /// What a socket of this round is there for.
  enum Role {
    /// Waits for the connection of a probe to open.
    case connecting(Int)
    /// Waits for the answer to a probe.
    case asking(Int)
    /// Waits for the first bytes of a connection.
    case serving(Station, peer: SocketAddress, port: UInt16)
    /// Hears frames of a kind that only some rounds send.
    case watching(Station, FrameKind)
  }

  /// Frames that are looked at as such.
  enum FrameKind {
    case announcements, datagrams
  }

  let probes: [Probe]
  let topology: RouterTopology
  let poller: Poller
  let listeners: Listeners
  var observations: [Observation]
  var roles: [Int32: (role: Role, socket: Socket)] = [:]

  /// - Parameters:
  ///   - round: tells sessions apart.
  ///   - firstPort: the source port of the first probe; the others follow.
  init(
    _ probes: [Probe], round: UInt16, firstPort: UInt16, topology: RouterTopology, poller: Poller,
    listeners: Listeners
  ) {
    self.round = round
    self.firstPort = firstPort
    self.probes = probes
    self.topology = topology
    self.poller = poller
    self.listeners = listeners
    observations = [Observation](repeating: Observation(), count: probes.count)
  }

  private let round: UInt16
  private let firstPort: UInt16

  /// What a probe carries.
  func mark(_ index: Int) -> ProbeMark { ProbeMark(round: round, index: index) }

  func payload(_ index: Int) -> [UInt8] { mark(index).payload }

  // `nil` for marks of other rounds.
  private func index(of mark: ProbeMark?) -> Int? {
    guard let mark, mark.round == round, probes.indices.contains(mark.index) else { return nil }
    return mark.index
  }

  /// The source port that only this probe has.
  func port(of index: Int) -> UInt16 { firstPort + UInt16(index) }

  private func index(of port: UInt16) -> Int? {
    let index = Int(port) - Int(firstPort)
    return probes.indices.contains(index) ? index : nil
  }

  /// Whether nothing is left to wait for.
  var isSettled: Bool { observations.allSatisfy(\.isSettled) }

  /// Takes what a socket has.
  func handle(_ number: Int32) throws {
    if let listener = listeners.roles[number] {
      try handle(listener.role, listener.socket)
    } else if let own = roles[number] {
      try handle(own.role, own.socket)
    }
  }

  private func handle(_ role: Listeners.Role, _ socket: Socket) throws {
    switch role {
    case .witness(let station, let transport, let family):
      while let packet = try? socket.receive() {
        guard let source = packet.sender?.address, source.family == family else { continue }
        let sighting = Sighting(packet.bytes, of: transport, from: source, at: station)
        if case .associating(let packet, _) = sighting, !packet.isAnswer {
          _ = socket.send(packet.answer.bytes, to: SocketAddress(source, 0))
        }
        note(sighting, at: station)
      }
    case .connections(let station):
      while let (connection, peer) = socket.accept() {
        try connection.resetOnClose()
        let port = connection.localPort
        roles[connection.number] = (.serving(station, peer: peer, port: port), connection)
        try poller.add(connection)
      }
    case .datagrams:
      while let packet = try? socket.receive() {
        guard let sender = packet.sender, ProbeMark(at: packet.bytes[...]) != nil else {
          continue
        }
        _ = socket.send(Self.answer, to: sender)
      }
    }
  }

  /// What servers say; it holds no mark, so that nobody takes it for a probe.
  private static let answer = Array("answer".utf8)

  private func handle(_ role: Role, _ socket: Socket) throws {
    switch role {
    case .connecting(let index):
      let error = socket.takeError()
      guard error == 0 else { return finish(socket) { observations[index].refusal = error } }
      _ = socket.send(payload(index))
      roles[socket.number] = (.asking(index), socket)
      try poller.change(socket, .input)
    case .asking(let index):
      do {
        let answer = try socket.receive()
        let error = answer.bytes.isEmpty ? ECONNRESET : nil
        if probes[index].isHeld, error == nil { held.append(socket) }
        finish(socket) {
          observations[index].isAnswered = error == nil
          observations[index].refusal = error
        }
      } catch {
        guard error.number != EAGAIN else { return }
        finish(socket) { observations[index].refusal = error.number }
      }
    case .serving(let station, let peer, let port):
      serve(socket, station, peer, port)
    case .watching(let station, let kind):
      while let packet = try? socket.receive() { note(packet.bytes, kind, at: station) }
    }
  }

  // The descriptor is closed, and with that no longer polled, when the last reference goes.
  private func finish(_ socket: Socket, _ record: () -> Void) {
    record()
    roles[socket.number] = nil
  }

  private func serve(
    _ socket: Socket, _ station: Station, _ peer: SocketAddress, _ port: UInt16
  ) {
    let received: [UInt8]
    do {
      received = try socket.receive().bytes
    } catch {
      if error.number != EAGAIN { roles[socket.number] = nil }
      return
    }
    guard let index = index(of: ProbeMark(at: received[...])) else {
      roles[socket.number] = nil
      return
    }
    _ = socket.send(Self.answer)
    add(
      Observation.Delivery(
        station: station, source: peer.address, sourcePort: peer.port, port: port), to: index)
    // The sender resets the connection when it has its answer; it is kept until the round ends.
    if probes[index].isHeld { held.append(socket) } else { closing.append(socket) }
    roles[socket.number] = nil
    poller.remove(socket)
  }

  private var closing: [Socket] = []

  /// The two ends of connections that stay open.
  private(set) var held: [Socket] = []

  private func note(_ sighting: Sighting?, at station: Station) {
    switch sighting {
    case .delivered(let mark, let delivery):
      if let index = index(of: mark) { add(delivery, to: index) }
    case .attempted(let delivery, let size):
      guard let port = delivery.sourcePort, let index = index(of: port) else { return }
      add(delivery, to: index)
      if let size { observations[index].segmentSizes.insert(size) }
    case .accepted(let port, let size):
      guard let size, let index = index(of: port), station == probes[index].sender else { return }
      observations[index].segmentSizes.insert(size)
    case .associating(let packet, let delivery):
      guard let index = index(of: packet.mark) else { return }
      guard packet.isAnswer else { return add(delivery, to: index) }
      if station == probes[index].sender { observations[index].isAnswered = true }
    case .replied(let mark, let delivery):
      guard let index = index(of: mark) else { return }
      if probes[index].kind != .echo {
        add(delivery, to: index)
      } else if station == probes[index].sender {
        observations[index].isAnswered = true
      }
    case .refused(let mark):
      guard let index = index(of: mark), station == probes[index].sender else { return }
      if observations[index].refusal == nil { observations[index].refusal = EHOSTUNREACH }
    case nil: break
    }
  }

  private func note(_ frame: [UInt8], _ kind: FrameKind, at station: Station) {
    guard let index = index(of: ProbeMark(in: frame[...])) else { return }
    switch kind {
    case .announcements:
      guard case .forged(.claim) = probes[index].kind else { return }
      let delivery = Observation.Delivery(
        station: station, source: probes[index].destination, sourcePort: nil, port: nil)
      add(delivery, to: index)
    case .datagrams:
      guard probes[index].kind == .dhcpReply else { return }
      observations[index].hasValidChecksum = Datagram.hasValidUDPChecksum(frame.dropFirst(14))
    }
  }

  private func add(_ delivery: Observation.Delivery, to index: Int) {
    guard !observations[index].deliveries.contains(delivery) else { return }
    observations[index].deliveries.append(delivery)
  }
}
