import Diagnostics
import Host
import Netfilter
import NetlinkBackend
import NetworkTypes
import PolicyModel

/// Looks for what keeps a policy from working on this machine; changes nothing.
package struct Doctor: Sendable {
  private let system: SystemFacts
  private let runner: CommandRunner
  private let decode: JSONDecoding

  /// - Parameter decode: Reads what `nft -j` prints.
  package init(
    system: SystemFacts = SystemFacts(), runner: CommandRunner = .system,
    decode: @escaping JSONDecoding
  ) {
    self.system = system
    self.runner = runner
    self.decode = decode
  }

  /// What there is to say about the machine and the policy.
  ///
  /// - Parameter compilation: `nil`, or one with errors, for what concerns any policy.
  package func examine(_ compilation: Compilation?) -> DoctorReport {
    let policy = compilation?.policy ?? Policy()
    let places = Places(compilation)
    let rules = ForeignReader(runner: runner, decode: decode, system: system).read()
    let samples = taker(policy).samples()
    let networks = Set(policy.networks.map(\.attachment.interface.value))
    let location = { (publish: Publish) in places.text(publish.span) }
    return DoctorReport(
      InterfaceChecks(policy: policy, system: system, location: location).findings()
        + SettingChecks(policy: policy, system: system).findings()
        + ForeignDropCheck(rules: rules, samples: samples, networks: networks) {
          places.text($0.span)
        }.findings()
        + ForeignRewriteCheck(rules: rules, samples: samples) { places.text($0.span) }.findings()
        + ListenerCheck(policy: policy, system: system, location: location).findings()
        + BootScriptCheck(system: system).findings()
        + KernelChecks(
          policy: policy, rules: rules, capabilities: capabilities(), lack: missingTables()
        ).findings())
  }

  private func taker(_ policy: Policy) -> SampleTaker {
    let uplinks = policy.uplinks.map(\.value)
    let own = Set(policy.networks.map(\.attachment.interface.value))
    let routes = system.defaultRouteInterfaces.filter { !own.contains($0) }
    let inside = Set(policy.networks.flatMap(\.gateways))
    let outside = (system.addresses ?? []).filter {
      !$0.isLoopback && !$0.isLinkLocal && !inside.contains($0)
    }.sorted()
    var addresses: [AddressFamily: IPAddress] = [:]
    for address in outside where addresses[address.family] == nil {
      addresses[address.family] = address
    }
    return SampleTaker(
      policy: policy, uplink: (uplinks.isEmpty ? routes : uplinks).first,
      hostAddresses: addresses,
      filtersBridges: system.setting("net/bridge/bridge-nf-call-iptables") == "1")
  }

  private func missingTables() -> NetlinkError? {
    do throws(NetlinkError) {
      _ = try NetlinkSession()
      return nil
    } catch {
      return error.isUnsupported ? error : nil
    }
  }

  /// What the kernel can do: it is asked to check rules, and not to take them.
  private func capabilities() -> Set<Capability>? {
    guard check("ether type ip") else { return nil }
    return Set(
      Capability.allCases.filter { capability in
        switch capability {
        case .bridgeMeta: check("meta ibrname \"lo\"")
        case .bridgeConntrack: check("ct state established")
        }
      })
  }

  private func check(_ match: String) -> Bool {
    let script = """
      table bridge bridgeward-probe {
        chain probe { type filter hook forward priority 0; \(match) counter; }
      }
      """
    let result = try? runner.run(Command("nft", ["-c", "-f", "-"]), Array(script.utf8))
    return result?.status == 0
  }
}

/// Where lines of the policy are.
private struct Places {
  private let compilation: Compilation?

  init(_ compilation: Compilation?) { self.compilation = compilation }

  /// `file:line`.
  func text(_ span: SourceSpan?) -> String? {
    guard let span, let compilation else { return nil }
    let file = compilation.sources[span.file]
    let line = file.bytes.prefix(Int(span.start)).count { $0 == UInt8(ascii: "\n") } + 1
    return "\(file.name):\(line)"
  }
}
