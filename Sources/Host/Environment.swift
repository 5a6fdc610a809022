import Glibc

/// The variables that the process was started with.
package enum Environment {
  /// The value of a variable; `nil` where it is not set.
  package static func value(of name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
