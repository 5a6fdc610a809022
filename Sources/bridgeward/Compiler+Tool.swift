import Driver
import Host

extension Compiler {
  /// Compiles, and takes an input that is not there for wrong usage, not for a broken machine.
  func compileForTool(_ inputs: [PolicyInput]) throws -> Compilation {
    try InputFailure.told { () throws(HostError) in try compile(inputs) }
  }
}

/// Tells failures to read what the user named from other failures.
enum InputFailure {
  /// The result of `body`; a path that leads nowhere ends the command as a mistake.
  static func told<Value>(_ body: () throws(HostError) -> Value) throws -> Value {
    do throws(HostError) {
      return try body()
    } catch {
      switch error.code {
      case .notFound, .isDirectory, .isNotDirectory, .nameTooLong, .tooLarge:
        try StandardStream.error.write("bridgeward: \(error)\n")
        throw ExitStatus.mistake
      case .notPermitted, .noSpace, .readOnly, .closedPipe, .other: throw error
      }
    }
  }
}
