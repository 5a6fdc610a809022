import Foundation
import KernelForm
import Netfilter
import NetlinkBackend
import ScratchFiles
import Synchronization
import TestSupport

/// A network namespace to apply policies in, with directories of its own for their states.
final class LiveHost: Sendable {
  let scratch: Scratch
  let namespace: NetworkNamespace

  /// The program that was built with the tests.
  static let program = Bundle.main.bundleURL.appendingPathComponent("bridgeward").path
  private static let count = Atomic(7000)

  init() throws {
    scratch = try Scratch()
    let number = Self.count.add(1, ordering: .relaxed).newValue
    namespace = try NetworkNamespace.create(["live"], of: number)[0]
    try namespace.run("ip", "link", "set", "lo", "up")
    try scratch.write("state/.keep")
    try scratch.write("run/.keep")
  }

  deinit {
    try? NetworkNamespace.remove([namespace])
  }

  var stateDirectory: String { "\(scratch.path)/state" }

  /// Writes a policy that nobody else can write; returns its path.
  func policy(_ text: String, _ name: String = "host.ward") throws -> String {
    let path = try scratch.write(name, text)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    return path
  }

  /// Runs the program in the namespace.
  func bridgeward(_ arguments: String...) throws -> Command.Result {
    try bridgeward(arguments)
  }

  func bridgeward(_ arguments: [String]) throws -> Command.Result {
    try command(arguments).result(in: namespace)
  }

  /// Runs the program in the namespace, on the states that another host has kept.
  func bridgeward(_ arguments: String..., statesOf other: LiveHost) throws -> Command.Result {
    let words = ["env", environment, Self.program] + arguments
    return try Command(words + ["--state-dir", other.stateDirectory]).result(in: namespace)
  }

  /// Starts the program in the namespace.
  func start(_ arguments: String...) throws -> RunningCommand {
    try namespace.perform { try command(arguments).start() }
  }

  /// Runs a line of shell in the namespace; `$0` is the program, `$1` where states are kept.
  func shell(_ line: String) throws -> Command.Result {
    let words = ["env", environment, "bash", "-c", line, Self.program, stateDirectory]
    return try Command(words).result(in: namespace)
  }

  /// What nft says of all rules.
  func listing() throws -> String { try namespace.run("nft", "list", "ruleset") }

  /// What the program prints for nft and a kernel that can do what this one can, as `apply` has it.
  func script(of policy: String) throws -> String {
    let assumed = try perform {
      var session = try NetlinkSession()
      return try session.probe().flatMap { ["--assume", $0.rawValue] }
    }
    let words = ["compile", "--target", "nft", policy] + assumed
    return try command(words).result(in: namespace).output
  }

  /// Our tables, as they stand in the kernel.
  func rules() throws -> KernelRuleset {
    try perform {
      var session = try NetlinkSession()
      return try session.read(table: "bridgeward")
    }
  }

  @discardableResult
  func nft(_ words: String...) throws -> String {
    try namespace.perform { try Command(["nft"] + words).run() }
  }

  /// The number of the state that the rules are in.
  func generation() throws -> UInt32 {
    try perform {
      var session = try NetlinkSession()
      return try session.generation()
    }
  }

  /// Whether the rules become these within a minute.
  func waits(for listing: String) async throws -> Bool {
    try await waits { try self.listing() == listing }
  }

  /// Whether something becomes so within a minute.
  func waits(until isSo: () throws -> Bool) async throws -> Bool {
    for _ in 0..<450 {
      if try isSo() { return true }
      try await Task.sleep(for: .milliseconds(100))
    }
    return false
  }

  func setting(_ name: String) throws -> String {
    try namespace.run("sysctl", "-n", name).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs `body` with the calling thread in the namespace.
  func perform<Value>(_ body: () throws -> Value) throws -> Value {
    try namespace.perform(body)
  }

  var environment: String { "RUNTIME_DIRECTORY=\(scratch.path)/run" }

  private func command(_ arguments: [String]) -> Command {
    let takesState = [
      "apply", "confirm", "diff", "rollback", "history", "remove", "boot", "status",
    ]
    let isGiven = !takesState.contains(arguments.first ?? "") || arguments.contains("--state-dir")
    let state = isGiven ? [] : ["--state-dir", stateDirectory]
    return Command(["env", environment, Self.program] + arguments + state)
  }
}

extension Command {
  /// Runs the program to its end in a namespace.
  fileprivate func result(in namespace: NetworkNamespace) throws -> Result {
    try namespace.perform { try result() }
  }
}

/// Policies that differ in what the tests look at.
enum SamplePolicy {
  static let small = """
    network lab {
        bridge br-lab
        subnet 10.20.0.0/24
        masquerade
        container web 10.20.0.10
        container db  10.20.0.11
        publish tcp 8080 -> web:80
    }

    """

  /// The same with another publish, and members kept apart.
  static let larger = """
    network lab {
        bridge br-lab
        subnet 10.20.0.0/24
        masquerade
        icc off
        container web 10.20.0.10
        container db  10.20.0.11
        publish tcp 8080 -> web:80
        publish tcp 5432 -> db:5432
    }

    """

  static let broken = """
    network lab {
        bridge br-lab
        subnet 10.20.0.0/24
        publish tcp 8080 -> wbe:80
    }

    """
}
