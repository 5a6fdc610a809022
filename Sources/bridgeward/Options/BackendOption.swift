import ArgumentParser
import Driver
import Host

extension LiveBackend: ExpressibleByArgument {}

/// `--backend`, for commands that read or change the rules of this host.
struct BackendOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What keeps the rules. IPTABLES and IP6TABLES in the environment name a variant, such as "
        + "iptables-legacy.", valueName: "nft|iptables"))
  var backend = LiveBackend.nft

  /// The iptables of this host.
  var iptables: IptablesLive { .ofEnvironment }
}

extension IptablesLive {
  /// The variant that the environment names, or what is called iptables.
  static var ofEnvironment: IptablesLive {
    IptablesLive(
      IptablesPrograms(
        ipv4: Environment.value(of: "IPTABLES") ?? "iptables",
        ipv6: Environment.value(of: "IP6TABLES") ?? "ip6tables"))
  }
}
