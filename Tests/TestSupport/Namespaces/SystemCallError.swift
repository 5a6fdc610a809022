import Glibc

/// A system call that failed, and with what.
package struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
  package let call: String
  /// The `errno` that the call left.
  package let number: Int32

  package init(_ call: String, _ number: Int32 = errno) {
    self.call = call
    self.number = number
  }

  package var description: String {
    "\(call): \(unsafe String(cString: strerror(number)))"
  }
}

/// Throws where `result` says that the call failed.
@discardableResult
func succeed(_ result: Int32, _ call: String) throws(SystemCallError) -> Int32 {
  guard result >= 0 else { throw SystemCallError(call) }
  return result
}
