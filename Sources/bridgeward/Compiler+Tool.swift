import Driver
import Host
import Netfilter

extension Compiler {
  /// Reads and compiles, and takes an input that is not there for wrong usage, not for a broken machine.
  func compileForTool(_ inputs: [PolicyInput]) throws -> Compilation {
    try compileForTool(try readForTool(inputs))
  }

  /// Reads, and takes an input that is not there for wrong usage, not for a broken machine.
  func readForTool(_ inputs: [PolicyInput]) throws -> PolicySources {
    try InputFailure.told { () throws(HostError) in try read(inputs) }
  }

  /// Compiles what was read.
  func compileForTool(_ sources: consuming PolicySources) throws -> Compilation {
    try Self.sound(compile(consume sources))
  }

  /// Compiles what was read for the kernel of this machine.
  func compileForToolAndKernel(_ sources: consuming PolicySources) throws -> Compilation {
    try Self.sound(try compileForKernel(consume sources))
  }

  /// The result, if the compiler itself is not at fault.
  private static func sound(_ result: Compilation) throws -> Compilation {
    for defect in result.defects {
      try StandardStream.error.write("bridgeward: internal error, please report: \(defect)\n")
    }
    if !result.defects.isEmpty { throw ExitStatus.environment }
    return result
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
      case .notPermitted, .noSpace, .readOnly, .busy, .damaged, .closedPipe, .other: throw error
      }
    }
  }
}
