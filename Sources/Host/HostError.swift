package import SystemPackage

/// A failure of the machine's side: what failed, why, and what to do about it.
package struct HostError: Error, Hashable, Sendable {
  /// What went wrong, as far as callers tell it apart.
  package enum Code: String, CaseIterable, Hashable, Sendable {
    case notFound = "not-found"
    case notPermitted = "not-permitted"
    case isDirectory = "is-directory"
    case isNotDirectory = "is-not-directory"
    case nameTooLong = "name-too-long"
    case noSpace = "no-space"
    case readOnly = "read-only"
    case tooLarge = "too-large"
    /// Another process has what can be had once only.
    case busy
    /// A file of ours is not as we wrote it.
    case damaged
    /// The reader of our output went away.
    case closedPipe = "closed-pipe"
    case other
  }

  package let code: Code
  /// What was tried: "read policy.ward".
  package let action: String
  /// The kernel's word; `nil` where the refusal is our own.
  package let cause: Errno?
  /// What to do: "check the path".
  package let advice: String

  package init(_ code: Code, _ action: String, cause: Errno? = nil, advice: String) {
    self.code = code
    self.action = action
    self.cause = cause
    self.advice = advice
  }

  /// A failed system call, with the advice that fits its error.
  init(_ action: String, _ cause: Errno) {
    let (code, advice) = Self.meaning(of: cause)
    self.init(code, action, cause: cause, advice: advice)
  }

  private static func meaning(of cause: Errno) -> (Code, String) {
    switch cause {
    case .noSuchFileOrDirectory: (.notFound, "check the path")
    case .permissionDenied, .notPermitted:
      (.notPermitted, "run as a user who may, or change the file's mode")
    case .isDirectory: (.isDirectory, "name a file")
    case .notDirectory: (.isNotDirectory, "a part of the path is a file; check the path")
    case .fileNameTooLong: (.nameTooLong, "use a shorter path")
    case .noSpace, .diskQuotaExceeded: (.noSpace, "free some space, or write elsewhere")
    case .readOnlyFileSystem: (.readOnly, "write elsewhere, or mount it for writing")
    case .fileTooLarge: (.tooLarge, "raise the limit on file sizes")
    case .brokenPipe: (.closedPipe, "keep the reader running until the output ends")
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem:
      (.other, "raise the limit on open files (ulimit -n)")
    case .noMemory, .noBufferSpace, .resourceTemporarilyUnavailable:
      (.other, "free some memory or end some processes, and try again")
    case .ioError: (.other, "see the kernel's log (dmesg) for what is wrong with the disk")
    default: (.other, "try again; where it stays so, the kernel's log (dmesg) may say why")
    }
  }
}

extension HostError: CustomStringConvertible {
  /// One line: `cannot read policy.ward: No such file or directory; check the path`.
  package var description: String {
    guard let cause else { return "cannot \(action); \(advice)" }
    return "cannot \(action): \(cause); \(advice)"
  }
}
