import Glibc
import SystemPackage

/// Starts programs that outlive the starter, its terminal and its connection.
package enum DetachedProcess {
  /// Starts `program` in a session of its own, with nothing to read, nowhere to write, and none of
  /// our open files.
  ///
  /// A hangup cannot end it: that signal starts out blocked. What `program` is told by its
  /// environment is ours.
  ///
  /// - Parameter arguments: What comes after the program's own name.
  package static func start(
    _ program: String, _ arguments: [String]
  ) throws(HostError) -> ProcessIdentity {
    let process = try spawn(program, arguments)
    guard let identity = ProcessIdentity(process: process) else {
      throw HostError(.other, "start \(program)", advice: "it ended at once")
    }
    return identity
  }

  /// The program of this process.
  package static func ownProgram() throws(HostError) -> String {
    try Link.target(of: "/proc/self/exe")
  }

  private static func spawn(_ program: String, _ arguments: [String]) throws(HostError) -> pid_t {
    let action = "start \(program)"
    var files = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    try check(action, unsafe posix_spawn_file_actions_init(&files))
    defer { unsafe posix_spawn_file_actions_destroy(&files) }
    try check(action, unsafe posix_spawnattr_init(&attributes))
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    try unsafe redirect(&files, action)
    try isolate(&attributes, action)
    var texts: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map {
      unsafe strdup($0)
    }
    unsafe texts.append(nil)
    defer { unsafe texts.forEach { text in unsafe free(text) } }
    var process: pid_t = 0
    try check(action, unsafe posix_spawn(&process, program, &files, &attributes, texts, environ))
    return process
  }

  private static func redirect(
    _ files: inout posix_spawn_file_actions_t, _ action: String
  ) throws(HostError) {
    for stream in STDIN_FILENO...STDERR_FILENO {
      try check(
        action, unsafe posix_spawn_file_actions_addopen(&files, stream, "/dev/null", O_RDWR, 0))
    }
    // Libraries open files that are not closed on exec; closing one twice does no harm here.
    for name in (try? Directory("/proc/self/fd").names()) ?? [] {
      guard let number = CInt(name), number > STDERR_FILENO else { continue }
      try check(action, unsafe posix_spawn_file_actions_addclose(&files, number))
    }
  }

  private static func isolate(
    _ attributes: inout posix_spawnattr_t, _ action: String
  ) throws(HostError) {
    var blocked = sigset_t()
    unsafe sigemptyset(&blocked)
    unsafe sigaddset(&blocked, SIGHUP)
    try check(action, unsafe posix_spawnattr_setsigmask(&attributes, &blocked))
    // What the starter ignores or catches is none of the program's business.
    var defaults = sigset_t()
    unsafe sigfillset(&defaults)
    unsafe sigdelset(&defaults, SIGHUP)
    try check(action, unsafe posix_spawnattr_setsigdefault(&attributes, &defaults))
    let flags = CShort(POSIX_SPAWN_SETSIGMASK) | CShort(POSIX_SPAWN_SETSIGDEF) | newSession
    try check(action, unsafe posix_spawnattr_setflags(&attributes, flags))
  }

  /// `POSIX_SPAWN_SETSID` of spawn.h.
  private static let newSession: CShort = 0x80

  private static func check(_ action: String, _ code: CInt) throws(HostError) {
    guard code == 0 else { throw HostError(action, Errno(rawValue: code)) }
  }
}
