import Foundation
import ScratchFiles
import TestSupport

/// Packets that are sent all the time, with when, and what became of them.
///
/// Each datagram is a connection of its own, so that conntrack remembers none of them; a stream is
/// echoed all along, and connections are opened one after the other.
struct Traffic {
  /// A namespace that packets come from and go to.
  struct Station {
    let name: String
    let namespace: NetworkNamespace
    /// Ports, with commas, where datagrams are heard.
    var udp = ""
    /// Ports where streams are echoed.
    var tcp = ""
    /// Datagrams that are sent: "NAME ADDRESS PORT", with commas.
    var flows = ""
    /// Whom streams and connections go to: "ADDRESS PORT".
    var peer = ""
  }

  /// A datagram, or a question on a stream.
  struct Event {
    let flow: String
    /// From its start, or the stream's, until it arrived or was answered.
    var span: SoakSpan
    var hasArrived: Bool
  }

  private let stations: [(name: String, command: RunningCommand)]
  private let path: String

  /// Starts it.
  /// - Parameter pause: between two datagrams of a flow, in seconds.
  static func start(
    among stations: [Station], of network: LiveNetwork, pause: Double
  ) throws -> Traffic {
    let path = "\(network.host.scratch.path)/traffic"
    let running = try stations.map { station in
      let words = [station.udp, station.tcp, station.flows, station.peer]
      return try (
        station.name,
        network.python(
          file: "traffic.py", [path, station.name, "\(pause)"] + words, in: station.namespace)
      )
    }
    for (name, _) in running { try SignalFile.wait(for: "\(path)-ready-\(name)") }
    SignalFile.create("\(path)-go")
    usleep(300_000)
    return Traffic(stations: running, path: path)
  }

  /// Ends it, and returns what happened.
  func stop() throws -> [Event] {
    SignalFile.create("\(path)-stop")
    for (name, _) in stations { try SignalFile.wait(for: "\(path)-quiet-\(name)") }
    SignalFile.create("\(path)-end")
    return try Self.events(stations.map { try $0.command.succeed() })
  }

  private static func events(_ reports: [String]) throws -> [Event] {
    var sent: [Event] = []
    var places: [Substring: Int] = [:]
    var heard: [(Substring, SoakTime)] = []
    for line in reports.joined(separator: "\n").split(separator: "\n") {
      let words = line.split(separator: " ")
      let times = words.compactMap { Int64($0) }.map(SoakTime.init)
      switch (words[0], words.count) {
      case ("sent", 4):
        places["\(words[1]) \(words[2])"] = sent.count
        let span = SoakSpan(begin: times[1], end: times[1] + patience)
        sent.append(Event(flow: String(words[1]), span: span, hasArrived: false))
      case ("heard", 4): heard.append(("\(words[1]) \(words[2])", times[1]))
      case ("asked", 6):
        let span = SoakSpan(begin: times[0], end: times[2])
        sent.append(Event(flow: String(words[1]), span: span, hasArrived: words[5] == "1"))
      default: throw Failure("a line of the traffic: \(line)")
      }
    }
    for (name, time) in heard {
      guard let place = places[name] else { throw Failure("\(name) was never sent") }
      sent[place].hasArrived = true
      sent[place].span.end = time
    }
    return sent
  }

  /// How long a packet may be on its way, in microseconds.
  private static let patience: Int64 = 300_000
}

extension LiveNetwork {
  /// Flows that a policy may allow (published, sibling, streams to 8080) or deny.
  var stations: [Traffic.Station] {
    [
      Traffic.Station(
        name: "web", namespace: web, udp: "5000,7001,7002", tcp: "80",
        flows: "sibling 10.20.0.11 7000"),
      Traffic.Station(
        name: "db", namespace: db, udp: "7000", flows: "stranger 10.20.0.10 7001"),
      Traffic.Station(
        name: "client", namespace: client,
        flows: "published 10.99.0.1 5000,outsider 10.20.0.10 7002", peer: "10.99.0.1 8080"),
    ]
  }
}
