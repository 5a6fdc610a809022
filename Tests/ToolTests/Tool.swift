import Foundation
import ScratchFiles

/// One run of the built program.
struct Tool {
  let status: Int32
  let output: String
  let errors: String

  /// The program that was built with the tests.
  static let path = Bundle.main.bundleURL.appendingPathComponent("bridgeward").path

  /// Runs the program and waits for its end.
  ///
  /// - Parameters:
  ///   - input: What it reads from standard input.
  ///   - directory: Where it runs.
  @discardableResult
  static func run(
    _ arguments: String..., input: String = "", in directory: String? = nil
  ) throws -> Tool {
    try Tool(path, arguments, input: input, in: directory)
  }

  /// Runs a line of shell whose `$0` is the program.
  static func shell(
    _ line: String, _ arguments: String..., input: String = "", in directory: String? = nil
  ) throws -> Tool {
    try Tool("/bin/bash", ["-c", line, path] + arguments, input: input, in: directory)
  }

  private init(
    _ program: String, _ arguments: [String], input: String, in directory: String?
  ) throws {
    let scratch = try Scratch()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory ?? scratch.path)
    process.standardInput = try FileHandle(
      forReadingFrom: URL(fileURLWithPath: scratch.write(".stdin", input)))
    process.standardOutput = try FileHandle(
      forWritingTo: URL(fileURLWithPath: scratch.write(".stdout")))
    process.standardError = try FileHandle(
      forWritingTo: URL(fileURLWithPath: scratch.write(".stderr")))
    try process.run()
    process.waitUntilExit()
    let isSignal = process.terminationReason == .uncaughtSignal
    status = process.terminationStatus + (isSignal ? 128 : 0)
    output = try scratch.read(".stdout")
    errors = try scratch.read(".stderr")
  }
}
