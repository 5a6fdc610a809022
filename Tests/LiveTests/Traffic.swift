import Foundation
import ScratchFiles
import TestSupport

/// Packets that are sent all the time while `body` changes rules, and what has become of them.
///
/// Each datagram is a connection of its own, so that conntrack remembers none of them; a stream is
/// echoed all along, and connections are opened one after the other.
struct Traffic {
  /// How many of each flow were sent, and how many of those arrived.
  struct Count: Equatable {
    var sent = 0
    var arrived = 0

    var lost: Int { sent - arrived }
  }

  private(set) var flows: [String: Count] = [:]

  /// - Parameter pause: between two datagrams of a flow, in seconds.
  static func during(
    _ network: LiveNetwork, pause: Double = 0.005, _ body: () throws -> Void
  ) throws -> Traffic {
    let stop = "\(network.host.scratch.path)/stop-\(UUID().uuidString)"
    let words = [stop, "\(pause)"]
    let stations = [
      (network.web, ["5000,7001,7002", "80", "sibling 10.20.0.11 7000", ""]),
      (network.db, ["7000,7003", "", "stranger 10.20.0.10 7001", ""]),
      (
        network.client,
        ["", "", "published 10.99.0.1 5000,outsider 10.20.0.10 7002", "10.99.0.1 8080"]
      ),
    ]
    // Who is started first listens first.
    let running = try stations.map { namespace, rest in
      let command = try network.python(program, words + rest, in: namespace)
      try waits(for: command, "\(stop)-\(rest[0])-\(rest[2])")
      return command
    }
    _ = FileManager.default.createFile(atPath: "\(stop)-go", contents: nil)
    usleep(300_000)
    let outcome = Result { try body() }
    usleep(100_000)
    _ = FileManager.default.createFile(atPath: stop, contents: nil)
    let reports = try running.map { try $0.succeed() }
    try outcome.get()
    return try Traffic(reports)
  }

  private static func waits(for command: RunningCommand, _ file: String) throws {
    for _ in 0..<500 {
      if FileManager.default.fileExists(atPath: file) { return }
      usleep(10_000)
    }
    command.stop()
    throw CocoaError(.fileReadNoSuchFile)
  }

  private init(_ reports: [String]) throws {
    for report in reports {
      for line in report.split(separator: "\n") {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3, let count = Int(words[2]) else { continue }
        switch words[0] {
        case "sent": flows[words[1], default: Count()].sent += count
        default: flows[words[1], default: Count()].arrived += count
        }
      }
    }
  }

  /// Sends and hears at the same time; the words are those of `during`.
  private static let program = """
    import os, selectors, socket, sys, time
    stop, pause, udp, tcp, flows, peer = sys.argv[1:7]
    ready = f"{stop}-{udp}-{flows}"
    udp = [int(port) for port in udp.split(",") if port]
    flows = [tuple(flow.split()) for flow in flows.split(",") if flow]
    poll, sent, heard = selectors.DefaultSelector(), {}, set()
    def listen(kind, port):
        s = socket.socket(socket.AF_INET, kind)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        s.bind(("0.0.0.0", port))
        s.setblocking(False)
        return s
    def hear(s):
        try:
            while True: heard.add(s.recv(100))
        except BlockingIOError: pass
    def echo(s):
        try: data = s.recv(65536)
        except OSError: data = b""
        if data: s.sendall(data)
        else:
            poll.unregister(s)
            s.close()
    def welcome(s):
        s = s.accept()[0]
        poll.register(s, selectors.EVENT_READ, echo)
    for port in udp:
        poll.register(listen(socket.SOCK_DGRAM, port), selectors.EVENT_READ, hear)
    if tcp:
        s = listen(socket.SOCK_STREAM, int(tcp))
        s.listen(100)
        poll.register(s, selectors.EVENT_READ, welcome)
    def turn(seconds):
        for key, _ in poll.select(seconds): key.data(key.fileobj)
    def count(name, ok=None):
        sent[name] = sent.get(name, 0) + 1
        if ok: heard.add(f"{name} {sent[name]}".encode())
    def ask(s, number):
        text = b"%08d" % number
        s.sendall(text)
        data = b""
        while len(data) < 8:
            more = s.recv(8 - len(data))
            if not more: return False
            data += more
        return data == text
    open(ready, "w").close()
    while not os.path.exists(stop + "-go"): time.sleep(0.01)
    stream, number = None, 0
    while not os.path.exists(stop):
        for name, address, port in flows:
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            count(name)
            s.sendto(f"{name} {sent[name]}".encode(), (address, int(port)))
            s.close()
        if peer:
            number += 1
            try:
                if not stream: stream = socket.create_connection(tuple(peer.split()), 2)
                ok = ask(stream, number)
            except OSError: ok = False
            count("stream", ok)
            if number % 10 == 0:
                try:
                    with socket.create_connection(tuple(peer.split()), 0.9) as s:
                        ok = ask(s, number)
                except OSError: ok = False
                count("connection", ok)
        turn(float(pause))
    end = time.monotonic() + 0.5
    while time.monotonic() < end: turn(0.05)
    for name, n in sent.items(): print("sent", name, n)
    for name in {text.split()[0] for text in heard}:
        print("heard", name.decode(), sum(text.split()[0] == name for text in heard))
    """
}
