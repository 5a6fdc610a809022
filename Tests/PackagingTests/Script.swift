import Foundation
import ScratchFiles

/// One run of a shell script.
struct Script {
  let status: Int32
  let output: String
  let errors: String

  /// The checkout that these tests were built from.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path()

  /// The program that was built with the tests.
  static let program = Bundle.main.bundleURL.appendingPathComponent("bridgeward").path

  /// Runs `text`; `$0`, `$1`… are the arguments.
  @discardableResult
  init(
    _ text: String, _ arguments: [String] = [], launcher: [String] = [],
    environment: [String: String] = [:]
  ) throws {
    let scratch = try Scratch()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = launcher + ["/bin/sh", "-c", text] + arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]) { $1 }
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(
      forWritingTo: URL(fileURLWithPath: scratch.write(".stdout")))
    process.standardError = try FileHandle(
      forWritingTo: URL(fileURLWithPath: scratch.write(".stderr")))
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try scratch.read(".stdout")
    errors = try scratch.read(".stderr")
  }
}
