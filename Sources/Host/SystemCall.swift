import Glibc
import SystemPackage

/// Runs calls of swift-system, whose untyped errors are always an `Errno`.
enum SystemCall {
  /// The result of `body`; an `Errno` becomes a ``HostError`` about `action`.
  static func run<Value>(
    _ action: @autoclosure () -> String, _ body: () throws -> Value
  ) throws(HostError) -> Value {
    do {
      return try body()
    } catch let cause as Errno {
      throw HostError(action(), cause)
    } catch {
      throw HostError(.other, action(), advice: "\(error)")
    }
  }

  /// Why the last C function that failed did.
  static var lastError: Errno { Errno(rawValue: errno) }

  /// Throws the `errno` of a C function that goes on returning a negative number; one that a signal
  /// interrupted is called again.
  static func retry(_ action: @autoclosure () -> String, _ call: () -> CInt) throws(HostError) {
    while call() < 0 {
      let cause = lastError
      if cause != .interrupted { throw HostError(action(), cause) }
    }
  }

  /// Takes room on the disk for the first `size` bytes of a file.
  static func allocate(
    _ descriptor: FileDescriptor, size: Int, _ action: String
  ) throws(HostError) {
    var code = EINTR
    while code == EINTR { code = posix_fallocate(descriptor.rawValue, 0, off_t(max(size, 1))) }
    if code != 0 { throw HostError(action, Errno(rawValue: code)) }
  }

  /// Closes a file that was written.
  static func close(_ descriptor: FileDescriptor, _ action: String) throws(HostError) {
    // Linux closes the file even where a signal interrupts that.
    if Glibc.close(descriptor.rawValue) < 0, lastError != .interrupted {
      throw HostError(action, lastError)
    }
  }

  /// Throws the current `errno` where a C function returned a negative number.
  static func check(_ action: @autoclosure () -> String, _ status: CInt) throws(HostError) {
    guard status < 0 else { return }
    throw HostError(action(), SystemCall.lastError)
  }
}
