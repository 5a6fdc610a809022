import Glibc
import NetworkTypes

extension ProbeSession {
  /// Sends every probe, one visit to each namespace.
  func send() throws {
    try watchFrames()
    for station in topology.plan.stations {
      let indices = probes.indices.filter { probes[$0].sender == station }
      guard !indices.isEmpty else { continue }
      try topology[station].perform {
        for index in indices { try send(index) }
      }
    }
  }

  private func send(_ index: Int) throws {
    let probe = probes[index]
    switch probe.kind {
    case .tcp(let port): try connect(index, SocketAddress(probe.destination, port))
    case .udp(let port): try ask(index, SocketAddress(probe.destination, port), nil)
    case .dhcpReply: try ask(index, SocketAddress(probe.destination, 68), 67)
    case .echo: sendEcho(index)
    case .sctp(let port):
      let packet = SCTPPacket(from: probe.sourcePort ?? self.port(of: index), to: port, mark(index))
      let socket = listeners.rawSocket(probe.sender, .sctp, probe.family)
      record(socket.send(packet.bytes, to: SocketAddress(probe.destination, 0)), of: index)
    case .forged(let forgery):
      let frame = ForgedFrame(
        probe: probe, plan: topology.plan, forgery: forgery, payload: payload(index),
        freePort: port(of: index))
      record(listeners.frameSocket(probe.sender).send(frame.bytes), of: index)
    }
  }

  private func local(_ index: Int, _ port: UInt16?) -> SocketAddress {
    let probe = probes[index]
    let source = probe.source ?? IPAddress(family: probe.family, bits: 0)
    return SocketAddress(source, probe.sourcePort ?? port ?? self.port(of: index))
  }

  private func connect(_ index: Int, _ remote: SocketAddress) throws {
    let socket = try Socket(SOCK_STREAM, local(index, nil))
    try socket.resetOnClose()
    guard let error = socket.connect(remote) else {
      roles[socket.number] = (.connecting(index), socket)
      return try poller.add(socket, .output)
    }
    record(error, of: index)
  }

  private func ask(_ index: Int, _ remote: SocketAddress, _ port: UInt16?) throws {
    let socket = try Socket(SOCK_DGRAM, local(index, port))
    if let error = socket.connect(remote) { return record(error, of: index) }
    roles[socket.number] = (.asking(index), socket)
    try poller.add(socket)
    record(socket.send(payload(index)), of: index)
  }

  private func sendEcho(_ index: Int) {
    let probe = probes[index]
    let datagram = Datagram(source: probe.frameSource, destination: probe.destination)
    let message = datagram.echoMessage(
      isReply: false, identifier: port(of: index), payload(index))
    let socket = listeners.rawSocket(probe.sender, probe.family.echoProtocol, probe.family)
    record(socket.send(message, to: SocketAddress(probe.destination, 0)), of: index)
  }

  // A packet that the sender's own rules drop fails with EPERM: for the sender that is silence.
  private func record(_ error: Int32?, of index: Int) {
    guard let error, error != EPERM else { return }
    observations[index].refusal = error
  }

  // Frames are looked at only where a probe of this round asks for it: every one wakes the poller.
  private func watchFrames() throws {
    let plan = topology.plan
    for probe in probes {
      switch probe.kind {
      case .forged(.claim) where probe.family == .ipv4:
        for station in plan.others where station.segment == probe.sender.segment {
          try watch(station, "eth0", .announcements)
        }
        try watch(plan.host, probe.sender.segment.interface, .announcements)
      case .dhcpReply:
        for station in plan.others
        where station.address(probe.family) == probe.destination {
          try watch(station, "eth0", .datagrams)
        }
      case .tcp, .udp, .sctp, .echo, .forged: break
      }
    }
  }

  private func watch(_ station: Station, _ interface: String, _ kind: FrameKind) throws {
    let type: UInt16 = kind == .announcements ? 0x0806 : 0x0800
    try topology[station].perform {
      let socket = try Socket(frames: type, on: interface)
      roles[socket.number] = (.watching(station, kind), socket)
      try poller.add(socket)
    }
  }
}
