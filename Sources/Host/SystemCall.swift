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

  /// Throws the current `errno` where a C function returned a negative number.
  static func check(_ action: @autoclosure () -> String, _ status: CInt) throws(HostError) {
    guard status < 0 else { return }
    throw HostError(action(), SystemCall.lastError)
  }
}
