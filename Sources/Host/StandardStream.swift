import Glibc
import SystemPackage

/// One of the process's two output streams.
package enum StandardStream: Hashable, Sendable {
  case output, error

  private var descriptor: FileDescriptor {
    switch self {
    case .output: .standardOutput
    case .error: .standardError
    }
  }

  /// Writes all of `bytes`.
  package func write(_ bytes: [UInt8]) throws(HostError) {
    _ = try SystemCall.run(action) { try descriptor.writeAll(bytes) }
  }

  /// Writes all of `text`.
  package func write(_ text: String) throws(HostError) { try write(Array(text.utf8)) }

  /// Whether a person is likely to look at it.
  package var isTerminal: Bool { isatty(descriptor.rawValue) == 1 }

  /// The cells of a line, where it is a terminal that says so.
  package var columns: Int? {
    var size = winsize()
    let status = unsafe ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
  }

  private var action: String {
    switch self {
    case .output: "write to standard output"
    case .error: "write to standard error"
    }
  }
}
