import Foundation
import ScratchFiles
import TestSupport

/// A run of the program that stays before its first change, and of which copies go on, each with a
/// fault of its own: see Tests/FaultLibrary/faults.c.
final class FaultServer {
  private let folder: String
  private let orders: Descriptor
  private let answers: Descriptor
  private let running: RunningCommand

  /// Runs the program with `arguments` until it first names a path with `place` in it; stays before
  /// its beginning where that is empty.
  ///
  /// - Parameters:
  ///   - end: Where a copy names a path with this in it, it meets no more faults.
  ///   - variables: `NAME=VALUE` for the environment.
  init(
    _ host: LiveHost, at place: String, until end: String = "", variables: [String] = [],
    _ arguments: [String]
  ) throws {
    folder = "\(host.scratch.path)/faults-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    orders = try Self.pipe("\(folder)/ask")
    answers = try Self.pipe("\(folder)/answer")
    let settings = [
      host.environment, "LD_PRELOAD=\(try FaultLibrary.faults.get())", "FAULTS=\(folder)",
      "FAULTS_AT=\(place)", "FAULTS_UNTIL=\(end)",
      // Whoever works over it is not at home here.
      "SSH_CONNECTION=198.51.100.9 50000 198.51.100.1 22",
    ]
    running = try host.perform {
      try Command(["env"] + settings + variables + [LiveHost.program] + arguments).start()
    }
  }

  deinit { running.stop() }

  /// What runs where a fault says so, in sh.
  func setHook(_ script: String) throws {
    try Data(script.utf8).write(to: URL(fileURLWithPath: "\(folder)/hook"))
  }

  /// Lets one copy go on to its end.
  func run(_ fault: Fault) throws -> FaultedRun {
    try orders.write(Array(fault.order.utf8))
    var ready = pollfd(fd: answers.number, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&ready, 1, 60_000) == 1 else {
      throw POSIXError(.ETIMEDOUT, userInfo: ["fault": fault.order])
    }
    var answer = [UInt8](repeating: 0, count: 64)
    let count = unsafe answer.withUnsafeMutableBytes {
      unsafe read(answers.number, $0.baseAddress, 64)
    }
    let line = String(decoding: answer.prefix(max(0, count)), as: UTF8.self)
    guard let status = Int32(line.trimmingCharacters(in: .newlines)) else {
      throw POSIXError(.EBADMSG, userInfo: ["answer": line])
    }
    return FaultedRun(
      status: status, errors: try text("errors"),
      hits: try text("hits").split(separator: "\n").map(String.init))
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")), as: UTF8.self)
  }

  /// A pipe with a name; open at both ends, so that neither side waits for the other to come.
  private static func pipe(_ path: String) throws -> Descriptor {
    guard unsafe mkfifo(path, 0o600) == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
    return try Descriptor(unsafe open(path, O_RDWR | O_CLOEXEC), "open \(path)")
  }
}
