extension Command {
  /// Writes a program that can be run at once.
  ///
  /// Another process writes it: whatever this one has open, programs get that other threads start
  /// meanwhile, and a file that somebody has open for writing cannot be run (execve(2), ETXTBSY).
  package static func install(_ script: String, at path: String) throws {
    try Command(["install", "-D", "-m", "755", "/dev/stdin", path], input: script).run()
  }
}
