/// What the user names as a policy.
package enum PolicyInput: Hashable, Sendable {
  /// A file, or a directory whose `*.ward` files are meant.
  case path(String)
  case standardInput

  /// Reads an argument: `-` is standard input.
  package init(argument: String) { self = argument == "-" ? .standardInput : .path(argument) }
}
