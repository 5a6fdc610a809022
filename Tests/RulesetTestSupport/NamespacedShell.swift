import Foundation

/// Runs shell scripts in a network namespace of their own, with a scratch directory as the working
/// directory, so that tests may load rules without the host noticing.
package struct NamespacedShell {
  package struct Result: Sendable {
    package let status: Int32
    package let output: String
    package let errors: String
  }

  private let files: [String: [UInt8]]

  /// - Parameter files: what the working directory holds, by name.
  package init(files: [String: [UInt8]] = [:]) { self.files = files }

  package func run(_ script: String) throws -> Result {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("ruleset-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, bytes) in files {
      try Data(bytes).write(to: directory.appendingPathComponent(name))
    }
    let output = directory.appendingPathComponent(".stdout")
    let errors = directory.appendingPathComponent(".stderr")
    for url in [output, errors] { try Data().write(to: url) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["unshare", geteuid() == 0 ? "-n" : "-rn", "sh", "-c", script]
    process.currentDirectoryURL = directory
    // Tools that lock must not wait for, or hold up, whoever works on the host's own rules.
    process.environment = ProcessInfo.processInfo.environment.merging([
      "XTABLES_LOCKFILE": directory.appendingPathComponent(".lock").path,
      "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    ]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}
