import Glibc

/// What some calls of the program to the system meet.
struct Fault: Hashable {
  enum Action: Hashable {
    /// They fail with this number; with what fits the call where it is 0.
    case error(Int32)
    /// The program is ended at once, before the call is made.
    case kill
    /// A shell script runs to its end before the call is made.
    case run
    /// Signals interrupt each of them so often, in a row, before it is made; `first` does not count.
    case interrupt
  }

  /// The functions of the C library; `commit` is a `sendto` that changes rules. All where it is empty.
  var calls: [String] = []
  /// Which of these calls is the first, counted from 1.
  let first: Int
  /// How many of them; where all functions are meant, of the first one's.
  var count = 1
  let action: Action

  /// The line that ``FaultServer`` sends.
  var order: String {
    let names = calls.isEmpty ? "*" : calls.joined(separator: ",")
    let (verb, number): (String, Int32) =
      switch action {
      case .error(let number): ("error", number)
      case .kill: ("kill", 0)
      case .run: ("run", 0)
      case .interrupt: ("interrupt", 0)
      }
    return "\(names) \(first) \(count) \(verb) \(number)\n"
  }

  /// None at all.
  static let none = Fault(first: 1 << 30, action: .error(0))

  /// Those that change something that outlives the process: between them it does not matter when the
  /// program ends. `create` is an `open` for writing.
  static let changingCalls = [
    "create", "mkdir", "rename", "unlink", "symlink", "write", "pwrite", "ftruncate",
    "posix_fallocate", "commit", "posix_spawn",
  ]

  /// Those that a signal may interrupt.
  static let interruptibleCalls = [
    "open", "create", "opendir", "read", "write", "pwrite", "fsync", "ftruncate",
    "posix_fallocate", "flock", "close", "sendto", "commit", "recvmsg",
  ]

  /// Those that files are found, read and changed by.
  static let fileCalls = [
    "open", "create", "read", "pread", "stat", "lstat", "fstat", "fstatat", "realpath", "readlink",
    "opendir", "readdir", "mkdir", "rename", "unlink", "symlink", "write", "pwrite", "fsync",
    "ftruncate", "posix_fallocate", "fchmod", "fchown", "flock",
  ]

  /// Those that a security module may refuse.
  static let guardedCalls = [
    "open", "create", "opendir", "mkdir", "rename", "unlink", "symlink", "fsync", "ftruncate",
    "posix_fallocate", "flock",
  ]

  /// Those by which the kernel is asked what it can do.
  static let kernelCalls = [
    "socket", "bind", "getsockname", "setsockopt", "sendto", "commit", "recvmsg", "pthread_create",
  ]

  /// Those that change a file.
  static let fileChanges = [
    "create", "mkdir", "rename", "unlink", "symlink", "write", "pwrite", "ftruncate",
    "posix_fallocate",
  ]

  /// Those that take room on a disk.
  static let callsForRoom = ["create", "mkdir", "symlink", "posix_fallocate"]

  /// All but those that read rules.
  static let callsBesidesReadingRules =
    changingCalls + [
      "open", "read", "close", "fsync", "stat", "fstat", "realpath", "readlink", "opendir",
      "readdir", "flock", "socket", "bind", "getsockname", "setsockopt", "getsockopt",
    ]
}

/// How a run of the program with a fault ended.
struct FaultedRun {
  /// The exit code, or 128 and the signal that ended it.
  let status: Int32
  let errors: String
  /// The calls that met the fault, with their paths.
  let hits: [String]

  /// What the program says at its end.
  var message: String { errors.split(separator: "\n").last.map(String.init) ?? "" }

  /// What a message ends with: what to do.
  private static let advices = [
    "free some space, or write elsewhere",
    "raise the limit on open files (ulimit -n)",
    "free some memory or end some processes, and try again",
    "see the kernel's log (dmesg) for what is wrong with the disk",
    "try again; where it stays so, the kernel's log (dmesg) may say why",
    "the kernel is short of memory; free some, and try again",
    "run as root, or with CAP_NET_ADMIN",
    "run as a user who may, or change the file's mode",
    "mount it for writing",
    "somebody else keeps changing rules at the same time; nothing was changed, try again",
    "again",
  ]

  /// Whether the message is one of ours, and says what to do.
  var saysWhatToDo: Bool {
    message.hasPrefix("bridgeward: ") && Self.advices.contains { message.hasSuffix($0) }
  }

  var description: String { "\(hits.first ?? "-"): \(status) \(errors.suffix(400))" }
}
