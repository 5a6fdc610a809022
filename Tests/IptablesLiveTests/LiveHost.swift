import Driver
import Host
import IptablesBackend
import NetworkTypes
import Synchronization
import TestSupport

/// A network namespace whose iptables is changed, in one of its variants.
final class LiveHost: Sendable {
  let variant: IptablesVariant
  let namespace: NetworkNamespace
  private let restores = Mutex<Int>(0)

  init(_ variant: IptablesVariant) throws {
    self.variant = variant
    namespace = try NetworkNamespace.create(
      ["iptables"],
      of: Self.groups.withLock {
        $0 += 1; return $0
      })[0]
  }

  deinit { try? NetworkNamespace.remove([namespace]) }

  private static let groups = Mutex<Int>(7000)

  var programs: IptablesPrograms {
    IptablesPrograms(
      ipv4: "iptables-\(variant.rawValue)", ipv6: "ip6tables-\(variant.rawValue)")
  }

  /// Its iptables; counts how often something is changed.
  func live(_ programs: IptablesPrograms? = nil) -> IptablesLive {
    IptablesLive(
      programs ?? self.programs,
      runner: CommandRunner { [self] command, input throws(HostError) in
        if command.program.hasSuffix("-restore") { restores.withLock { $0 += 1 } }
        return try perform(command, input)
      })
  }

  private func perform(
    _ command: Host.Command, _ input: [UInt8]
  ) throws(HostError) -> CommandResult {
    do {
      return try namespace.perform { try command.run(input: input) }
    } catch let error as HostError {
      throw error
    } catch {
      throw HostError(.other, "enter the namespace", advice: "\(error)")
    }
  }

  /// How often a program that changes something was run.
  var changes: Int { restores.withLock { $0 } }

  @discardableResult
  func shell(_ script: String) throws -> String {
    try namespace.run("sh", "-ec", script)
  }

  /// Everything in iptables but what programs say about themselves.
  func saved() throws -> String {
    let variant = variant.rawValue
    return try shell("(iptables-\(variant)-save; ip6tables-\(variant)-save) | grep -v '^#'")
  }
}
