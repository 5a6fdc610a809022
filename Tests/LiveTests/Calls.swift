import Foundation
import ScratchFiles
import TestSupport

/// TCP connections that are held open, to see whether they still work.
final class Calls {
  private let running: RunningCommand
  private let directory: String
  private var rounds = 0

  /// Opens a connection to each of `peers`, `ADDRESS PORT`, where somebody echoes.
  init(from caller: NetworkNamespace, of network: LiveNetwork, to peers: [String]) throws {
    directory = "\(network.host.scratch.path)/calls-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    running = try network.python(Self.program, [directory] + peers, in: caller)
    try wait(for: "answer0")
  }

  deinit { running.stop() }

  /// Which of them still echo.
  func work() throws -> [Bool] {
    rounds += 1
    try Data().write(to: URL(fileURLWithPath: "\(directory)/ask\(rounds)"))
    try wait(for: "answer\(rounds)")
    let answer = try String(contentsOfFile: "\(directory)/answer\(rounds)", encoding: .utf8)
    return answer.map { $0 == "1" }
  }

  private func wait(for name: String) throws {
    for _ in 0..<6000 {
      if FileManager.default.fileExists(atPath: "\(directory)/\(name)") { return }
      usleep(10_000)
    }
    throw CocoaError(.fileReadNoSuchFile)
  }

  private static let program = """
    import os, socket, sys, time
    folder, peers = sys.argv[1], [tuple(peer.split()) for peer in sys.argv[2:]]
    parent = os.getppid()
    calls = [socket.create_connection(peer, 20) for peer in peers]
    def works(call):
        try:
            call.settimeout(10)
            call.sendall(b"x")
            return call.recv(1) == b"x"
        except OSError: return False
    number = 0
    while os.getppid() == parent:
        text = "".join("01"[works(call)] for call in calls)
        with open(f"{folder}/draft", "w") as file: file.write(text)
        os.rename(f"{folder}/draft", f"{folder}/answer{number}")
        number += 1
        while not os.path.exists(f"{folder}/ask{number}"):
            if os.getppid() != parent: sys.exit()
            time.sleep(0.01)
    """
}

/// Somebody who echoes what is sent to TCP port 80.
final class EchoServer {
  private let running: RunningCommand

  init(_ namespace: NetworkNamespace, of network: LiveNetwork) throws {
    let ready = "\(network.host.scratch.path)/echo-\(UUID().uuidString)"
    running = try network.python(Self.program, [ready], in: namespace)
    for _ in 0..<6000 where !FileManager.default.fileExists(atPath: ready) { usleep(10_000) }
  }

  deinit { running.stop() }

  private static let program = """
    import os, socket, sys, threading
    parent = os.getppid()
    server = socket.create_server(("0.0.0.0", 80))
    open(sys.argv[1], "w").close()
    def echo(call):
        try:
            while data := call.recv(100): call.sendall(data)
        except OSError: pass
    server.settimeout(5)
    while os.getppid() == parent:
        try: call = server.accept()[0]
        except socket.timeout: continue
        call.settimeout(None)
        threading.Thread(target=echo, args=[call], daemon=True).start()
    """
}
