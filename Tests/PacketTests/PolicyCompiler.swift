import Foundation
import TestSupport

/// The program under test, as users run it.
struct PolicyCompiler {
  /// What compiling a policy for a backend gave.
  struct Output {
    let program: FirewallProgram
    /// The findings, as the program prints them.
    let findings: String
  }

  /// Compiles the policy in `file`; any error is thrown.
  static func compile(_ file: String, for backend: Backend) throws -> Output {
    switch backend {
    case .nft:
      let script = try run(file, target: "nft")
      return Output(program: .nft(script.output), findings: script.errors)
    case .iptablesNft: return try compile(file, .nft)
    case .iptablesLegacy: return try compile(file, .legacy)
    }
  }

  private static func compile(_ file: String, _ variant: IptablesVariant) throws -> Output {
    let ipv4 = try run(file, target: "iptables")
    let ipv6 = try run(file, target: "ip6tables")
    let hooks = try run(file, target: "iptables-hooks")
    return Output(
      program: .iptables(
        variant, ipv4: ipv4.output, ipv6: ipv6.output, hooks: hooks.output),
      findings: ipv4.errors + ipv6.errors)
  }

  private static func run(_ file: String, target: String) throws -> Command.Result {
    let command = Command([program, "compile", "--target", target, file])
    let result = try command.result()
    guard result.status == 0 else { throw CommandFailure(command: command, result: result) }
    return result
  }

  /// The program lies beside the test bundle.
  private static let program = {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
    return URL(filePath: bundle).deletingLastPathComponent().appending(path: "bridgeward").path()
  }()
}
