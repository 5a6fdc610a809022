package import Host

/// What a saved state says of itself: the lines at its top.
package struct StateHeader: Hashable, Sendable {
  /// When it was applied.
  package let time: WallTime
  /// The name of the machine.
  package let host: String
  package let backend: LiveBackend
  /// The files of the policy; none where nothing of ours was loaded.
  package let policies: [String]
  /// Of the files' bytes, one after the other.
  package let digest: SHA256Digest
  /// The settings that the policy needs, in order, and what they were before anything of ours.
  package let sysctls: [SysctlRecord]
  /// The elements that are kept outside of the entry; their edits end its snapshot, in this order.
  package var elements: [KeptElements]

  package init(
    time: WallTime, host: String, backend: LiveBackend, policies: [String], digest: SHA256Digest,
    sysctls: [SysctlRecord], elements: [KeptElements] = []
  ) {
    self.time = time
    self.host = host
    self.backend = backend
    self.policies = policies
    self.digest = digest
    self.sysctls = sysctls
    self.elements = elements
  }
}

/// The way by which rules get into the kernel and out of it.
package enum LiveBackend: String, CaseIterable, Hashable, Sendable {
  /// nf_tables, by netlink or by `nft -f`.
  case nft
  /// iptables-restore and ip6tables-restore.
  case iptables
}

extension StateHeader {
  /// `# KEY WORD…` lines; the last one is a bare `#`.
  var text: String {
    var lines = [
      "time \(time)", "host \(StateWord.escaped(host))", "backend \(backend.rawValue)",
    ]
    lines += policies.map { "policy \(StateWord.escaped($0))" }
    lines.append("policy-sha256 \(digest)")
    lines += sysctls.map { "sysctl \($0.text)" }
    lines += elements.map { "elements \($0.text)" }
    return lines.map { "# \($0)\n" }.joined() + "#\n"
  }

  /// Reads what ``text`` is.
  init(_ lines: [Substring]) throws(StateDamage) {
    var reader = StateLines(lines)
    time = try reader.one("time") { WallTime($0) }
    host = try reader.one("host", StateWord.plain)
    backend = try reader.one("backend") { LiveBackend(rawValue: $0) }
    policies = try reader.all("policy", StateWord.plain)
    digest = try reader.one("policy-sha256") { SHA256Digest($0) }
    sysctls = try reader.all("sysctl") { SysctlRecord($0) }
    elements = try reader.all("elements") { KeptElements($0) }
    try reader.end()
  }
}
