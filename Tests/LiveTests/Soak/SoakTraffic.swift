import Foundation
import ScratchFiles
import TestSupport

/// Packets that are sent all the time, with when, and what became of them.
struct SoakTraffic {
  /// A datagram, or a question on a stream.
  struct Event {
    let flow: String
    /// From its start, or the stream's, until it arrived or was answered.
    var span: SoakSpan
    var hasArrived: Bool
  }

  private let stations: [RunningCommand]
  private let path: String

  /// Flows that every policy allows.
  static let allowed = ["published", "sibling", "outgoing", "stream", "connection"]
  /// Flows that every policy denies.
  static let denied = ["stranger", "outsider", "isolated"]

  /// Starts it.
  static func start(in network: SoakNetwork) throws -> SoakTraffic {
    let path = "\(network.host.scratch.path)/traffic"
    let lab = network.lab
    let stations = [
      (
        lab.web,
        [
          "5000,7001,7002", "80",
          "sibling 10.20.0.11 7000,outgoing 10.99.0.2 7003,isolated 10.21.0.10 7004", "",
        ]
      ),
      (lab.db, ["7000", "", "stranger 10.20.0.10 7001", ""]),
      (network.solo, ["7004", "", "", ""]),
      (
        lab.client,
        ["7003", "", "published 10.99.0.1 5000,outsider 10.20.0.10 7002", "10.99.0.1 8080"]
      ),
    ]
    let running = try stations.map { namespace, words in
      try network.python("traffic.py", [path, "0.01"] + words, in: namespace)
    }
    for (_, words) in stations {
      try SoakFile.wait(for: "\(path)-ready-\(words[0].replacing(",", with: "-"))")
    }
    SoakFile.create("\(path)-go")
    usleep(300_000)
    return SoakTraffic(stations: running, path: path)
  }

  /// Ends it, and returns what happened.
  func stop() throws -> [Event] {
    SoakFile.create("\(path)-stop")
    var sent: [Event] = []
    var places: [Substring: Int] = [:]
    var heard: [(Substring, SoakTime)] = []
    for report in try stations.map({ try $0.succeed() }) {
      for line in report.split(separator: "\n") {
        let words = line.split(separator: " ")
        let times = words.compactMap { Int64($0) }.map(SoakTime.init)
        switch (words[0], words.count) {
        case ("sent", 4):
          places["\(words[1]) \(words[2])"] = sent.count
          let span = SoakSpan(begin: times[1], end: times[1] + Self.patience)
          sent.append(Event(flow: String(words[1]), span: span, hasArrived: false))
        case ("heard", 4): heard.append(("\(words[1]) \(words[2])", times[1]))
        case ("asked", 6):
          let span = SoakSpan(begin: times[0], end: times[2])
          sent.append(Event(flow: String(words[1]), span: span, hasArrived: words[5] == "1"))
        default: throw SoakFailure("a line of the traffic: \(line)")
        }
      }
    }
    for (name, time) in heard {
      guard let place = places[name] else { throw SoakFailure("\(name) was never sent") }
      sent[place].hasArrived = true
      sent[place].span.end = time
    }
    return sent
  }

  /// How long a packet may be on its way, in microseconds.
  private static let patience: Int64 = 300_000
}

/// Something that must not happen, in words.
struct SoakFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Files by which processes tell each other.
enum SoakFile {
  static func create(_ path: String) {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
  }

  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  /// Waits until a file is there, or is not.
  static func wait(for path: String, exists: Bool = true) throws {
    for _ in 0..<6000 {
      if FileManager.default.fileExists(atPath: path) == exists { return }
      usleep(5_000)
    }
    throw SoakFailure("\(path) is \(exists ? "not there" : "still there")")
  }
}
