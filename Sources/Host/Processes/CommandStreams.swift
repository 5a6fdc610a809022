import Glibc
import SystemPackage

/// Standard input, output and error of a program: our ends and its own.
struct CommandStreams: ~Copyable {
  /// What the program wrote.
  private(set) var output: [UInt8] = []
  private(set) var errors: [UInt8] = []
  /// Its ends, in the order of their numbers there.
  private(set) var theirs: [CInt] = []
  private var ours: [CInt] = []

  init(_ action: String) throws(HostError) {
    // Sockets, not pipes: writing to one that nobody reads any more raises no signal.
    let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    for _ in 0..<3 {
      var ends: [CInt] = [-1, -1]
      guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
        let failure = HostError(action, SystemCall.lastError)
        abandon()
        throw failure
      }
      ours.append(ends[0])
      theirs.append(ends[1])
    }
  }

  deinit { for descriptor in ours + theirs where descriptor >= 0 { close(descriptor) } }

  /// Leaves the program's ends to the program.
  mutating func closeTheirs() {
    for descriptor in theirs { close(descriptor) }
    theirs = []
  }

  /// Writes `input` and reads until the program closes its output.
  mutating func exchange(_ input: [UInt8], _ action: String) throws(HostError) {
    var rest = input[...]
    if rest.isEmpty { closeOurs(0) }
    while ours[1] >= 0 || ours[2] >= 0 {
      var polls = [
        pollfd(fd: ours[0], events: Int16(POLLOUT), revents: 0),
        pollfd(fd: ours[1], events: Int16(POLLIN), revents: 0),
        pollfd(fd: ours[2], events: Int16(POLLIN), revents: 0),
      ]
      guard unsafe poll(&polls, 3, -1) >= 0 else {
        if SystemCall.lastError == .interrupted { continue }
        throw HostError(action, SystemCall.lastError)
      }
      if polls[0].revents != 0 { try send(&rest, action) }
      if polls[1].revents != 0, try !Self.read(ours[1], into: &output, action) { closeOurs(1) }
      if polls[2].revents != 0, try !Self.read(ours[2], into: &errors, action) { closeOurs(2) }
    }
    closeOurs(0)
  }

  /// Writes as much as fits; a program that does not read has read enough.
  private mutating func send(
    _ rest: inout ArraySlice<UInt8>, _ action: String
  ) throws(HostError) {
    let flags = CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT)
    let count = unsafe rest.withUnsafeBytes { buffer in
      unsafe Glibc.send(ours[0], buffer.baseAddress, buffer.count, flags)
    }
    if count < 0 {
      switch SystemCall.lastError {
      case .wouldBlock, .interrupted: break
      case .brokenPipe, .connectionReset: closeOurs(0)
      case let cause: throw HostError(action, cause)
      }
    } else {
      rest = rest.dropFirst(count)
      if rest.isEmpty { closeOurs(0) }
    }
  }

  /// False at the end.
  private static func read(
    _ descriptor: CInt, into bytes: inout [UInt8], _ action: String
  ) throws(HostError) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe chunk.withUnsafeMutableBytes { buffer in
      unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    }
    guard count >= 0 else {
      if SystemCall.lastError == .interrupted { return true }
      throw HostError(action, SystemCall.lastError)
    }
    bytes += chunk[0..<count]
    return count > 0
  }

  private mutating func closeOurs(_ number: Int) {
    guard ours[number] >= 0 else { return }
    close(ours[number])
    ours[number] = -1
  }

  /// Closes all ends.
  mutating func abandon() {
    for descriptor in ours + theirs where descriptor >= 0 { close(descriptor) }
    ours = []
    theirs = []
  }
}
