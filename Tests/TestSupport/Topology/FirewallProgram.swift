/// What a host is given to filter with.
package enum FirewallProgram: Hashable, Sendable {
  /// A script for nft(8).
  case nft(String)
  /// Input of iptables-restore(8) and ip6tables-restore(8), and the shell script that calls their
  /// chains.
  case iptables(IptablesVariant, ipv4: String, ipv6: String, hooks: String = "")

  /// Policy files for `bridgeward apply`, one after the other, and where it keeps its states.
  case bridgeward(program: String, policies: [String], directory: String)

  /// Adds the rules to those of the calling thread's namespace.
  func load() throws {
    switch self {
    case .nft(let script):
      try Command(["nft", "-f", "-"], input: script).run()
    case .iptables(let variant, let ipv4, let ipv6, let hooks):
      try Command(["iptables-\(variant.rawValue)-restore", "--noflush"], input: ipv4).run()
      try Command(["ip6tables-\(variant.rawValue)-restore", "--noflush"], input: ipv6).run()
      let programs = ["IPTABLES=iptables", "IP6TABLES=ip6tables"].map {
        "\($0)-\(variant.rawValue)"
      }
      try Command(["env"] + programs + ["sh"], input: hooks).run()
    case .bridgeward(let program, let policies, let directory):
      for policy in policies {
        let environment = ["env", "RUNTIME_DIRECTORY=\(directory)"]
        let words = [program, "apply", "--state-dir", "\(directory)/state", policy]
        try Command(environment + words).run()
      }
    }
  }

  /// Removes all rules of the calling thread's namespace, whoever made them.
  static func removeAll() throws {
    try Command(["nft", "flush", "ruleset"]).run()
    for program in ["iptables-legacy-restore", "ip6tables-legacy-restore"] {
      try Command([program], input: emptyTables).run()
    }
  }

  private static var emptyTables: String {
    [
      ("raw", ["PREROUTING", "OUTPUT"]),
      ("mangle", ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]),
      ("nat", ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"]),
      ("filter", ["INPUT", "FORWARD", "OUTPUT"]),
    ].map { table, chains in
      "*\(table)\n" + chains.map { ":\($0) ACCEPT\n" }.joined() + "COMMIT\n"
    }.joined()
  }
}

/// The two programs that are called iptables.
package enum IptablesVariant: String, CaseIterable, Hashable, Sendable {
  /// Rules in nf_tables.
  case nft
  /// Rules in ip_tables, as before.
  case legacy
}
