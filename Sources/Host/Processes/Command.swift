import Glibc
import SystemPackage

/// A program of the system, run to its end.
///
/// It is started by the calling thread, so that it lives in that thread's namespaces.
package struct Command: Sendable {
  /// A name to look up in `PATH`, or a path.
  package let program: String
  package let arguments: [String]

  package init(_ program: String, _ arguments: [String] = []) {
    self.program = program
    self.arguments = arguments
  }

  /// Gives the program `input`, and waits until it has ended. Its environment is ours.
  ///
  /// - Throws: where it cannot be started; a status other than 0 is a result, too.
  package func run(input: [UInt8] = []) throws(HostError) -> CommandResult {
    var streams = try CommandStreams(action)
    let process = try spawn(streams)
    streams.closeTheirs()
    let failure: HostError?
    do throws(HostError) {
      try streams.exchange(input, action)
      failure = nil
    } catch {
      // It is not to act on a part of its input, nor to wait for the rest.
      _ = kill(process, SIGTERM)
      streams.abandon()
      failure = error
    }
    let status = try wait(process)
    if let failure { throw failure }
    return CommandResult(status: status, output: streams.output, errors: streams.errors)
  }

  private var action: String { "run \(program)" }

  private func spawn(_ streams: borrowing CommandStreams) throws(HostError) -> pid_t {
    var files = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&files)
    defer { unsafe posix_spawn_file_actions_destroy(&files) }
    for (number, descriptor) in streams.theirs.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&files, descriptor, CInt(number))
    }
    var texts: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map {
      unsafe strdup($0)
    }
    unsafe texts.append(nil)
    defer { unsafe texts.forEach { text in unsafe free(text) } }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, program, &files, nil, texts, environ)
    if code == ENOENT {
      throw HostError(
        .notFound, action, cause: Errno(rawValue: code), advice: "install it, or name another")
    }
    guard code == 0 else { throw HostError(action, Errno(rawValue: code)) }
    return process
  }

  /// The exit code, or 128 and the signal that ended it, as the shell shows it.
  private func wait(_ process: pid_t) throws(HostError) -> Int32 {
    var status: CInt = 0
    while unsafe waitpid(process, &status, 0) < 0 {
      guard SystemCall.lastError == .interrupted else {
        throw HostError(action, SystemCall.lastError)
      }
    }
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : 128 + signal
  }
}

/// How a program ended, and what it wrote.
package struct CommandResult: Hashable, Sendable {
  /// 0 where all went well; 128 and the signal where one ended it.
  package let status: Int32
  package let output: [UInt8]
  package let errors: [UInt8]

  package init(status: Int32, output: [UInt8] = [], errors: [UInt8] = []) {
    self.status = status
    self.output = output
    self.errors = errors
  }

  /// What it wrote to standard error, as one line; how it ended where it wrote nothing.
  package var complaint: String {
    let lines = String(decoding: errors, as: UTF8.self).split(separator: "\n")
    if !lines.isEmpty { return lines.joined(separator: "; ") }
    return status > 128 ? "signal \(status - 128) ended it" : "it ended with \(status)"
  }
}
