import CLinux
import Glibc

/// A program that is run in the network namespace of the calling thread.
package struct Command: Sendable {
  package let arguments: [String]
  package let input: String

  /// - Parameter arguments: the program, looked up in `PATH`, and what it is given.
  package init(_ arguments: [String], input: String = "") {
    self.arguments = arguments
    self.input = input
  }

  /// How a program ended, and what it said.
  package struct Result: Sendable {
    /// The exit code, or 128 and the signal that ended it.
    package let status: Int32
    package let output: String
    package let errors: String
  }

  /// Runs the program to its end, whatever that is.
  package func result() throws(SystemCallError) -> Result {
    try start().wait()
  }

  /// Runs the program; any end but success is an error.
  @discardableResult
  package func run() throws -> String {
    try start().succeed()
  }

  /// Starts the program and does not wait for it.
  package func start() throws(SystemCallError) -> RunningCommand {
    let streams = [
      try Descriptor(unsafe memfd_create("in", 1), "memfd_create"),
      try Descriptor(unsafe memfd_create("out", 1), "memfd_create"),
      try Descriptor(unsafe memfd_create("errors", 1), "memfd_create"),
    ]
    try streams[0].write(Array(input.utf8))
    lseek(streams[0].number, 0, SEEK_SET)
    return RunningCommand(
      command: self, process: try spawn(streams.map(\.number)), output: streams[1],
      errors: streams[2])
  }

  private func spawn(_ streams: [Int32]) throws(SystemCallError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (index, stream) in streams.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, stream, Int32(index))
    }
    var texts: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
    unsafe texts.append(nil)
    defer { unsafe texts.forEach { text in unsafe free(text) } }
    // Threads of queues block signals; programs need them.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, arguments[0], &actions, &attributes, texts, environ)
    guard code == 0 else { throw SystemCallError("start \(arguments[0])", code) }
    return process
  }
}

/// A program that was started.
package struct RunningCommand {
  let command: Command
  let process: pid_t
  let output: Descriptor
  let errors: Descriptor

  /// Waits for the end.
  package func wait() throws(SystemCallError) -> Command.Result {
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw SystemCallError("waitpid") }
    }
    let signal = status & 0x7F
    return Command.Result(
      status: signal == 0 ? status >> 8 & 0xFF : 128 + signal,
      output: String(decoding: try output.readAll(), as: UTF8.self),
      errors: String(decoding: try errors.readAll(), as: UTF8.self))
  }

  /// What the program has said of errors so far.
  var errorText: String {
    get throws { String(decoding: try errors.readAll(), as: UTF8.self) }
  }

  /// Ends the program at once, without its knowledge.
  package func destroy() { kill(process, SIGKILL) }

  /// Ends the program.
  @discardableResult
  func terminate() throws(SystemCallError) -> Command.Result {
    kill(process, SIGTERM)
    return try wait()
  }

  /// Ends the program, and waits until it has.
  package func stop() {
    kill(process, SIGKILL)
    _ = try? wait()
  }

  /// Waits for the end; any but success is an error.
  @discardableResult
  package func succeed() throws -> String {
    let result = try wait()
    guard result.status == 0 else { throw CommandFailure(command: command, result: result) }
    return result.output
  }
}

/// A program that ended with anything but success.
package struct CommandFailure: Error, CustomStringConvertible {
  package let command: Command
  package let result: Command.Result

  package init(command: Command, result: Command.Result) {
    self.command = command
    self.result = result
  }

  package var description: String {
    """
    \(command.arguments.joined(separator: " ")): exit status \(result.status)
    \(result.errors)\(result.output)
    with the input
    \(command.input)
    """
  }
}
