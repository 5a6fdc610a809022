import Glibc

/// How the process ends; thrown by commands that do not end well.
enum ExitStatus: Int32, Error {
  case success = 0
  /// Warnings, or a difference.
  case findings = 1
  /// Wrong usage, or a policy with errors.
  case mistake = 2
  /// The machine's side failed.
  case environment = 3
  /// The reader of our output went away: as the shell shows SIGPIPE (128 + 13).
  case closedPipe = 141

  /// Ends the process.
  func exit() -> Never { Glibc.exit(rawValue) }
}
