/// Scripts that take all rules away, ours included, when the machine starts or a service reloads.
struct BootScriptCheck {
  let system: SystemFacts

  private static let scripts = ["etc/nftables.conf", "etc/sysconfig/nftables.conf"]

  func findings() -> [DoctorFinding] {
    guard isEnabled("nftables.service") else { return [] }
    return Self.scripts.compactMap { path in
      guard let number = flushLine(path) else { return nil }
      let isFollowed = isEnabled("bridgeward.service")
      return DoctorFinding(
        .rulesFlushedAtBoot, isFollowed ? .note : .problem,
        "`nftables.service` removes all rules when it starts or reloads, ours too",
        evidence: [
          "/\(path):\(number): flush ruleset", "nftables.service is enabled",
          isFollowed
            ? "bridgeward.service is enabled, and brings them back"
            : "bridgeward.service is not enabled",
        ],
        mend: [
          "let the script remove its own tables only: in the place of `flush ruleset`, for each, "
            + "`table inet filter` and `delete table inet filter`",
          isFollowed ? "or leave it" : "or: $ systemctl enable --now bridgeward.service",
        ])
    }
  }

  /// The first line that flushes everything, counted from 1.
  private func flushLine(_ path: String) -> Int? {
    let lines = (system.text(path) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    let index = lines.firstIndex { line in
      line.prefix { $0 != "#" }.split(separator: ";").contains { statement in
        statement.split { $0 == " " || $0 == "\t" } == ["flush", "ruleset"]
      }
    }
    return index.map { $0 + 1 }
  }

  /// Whether some target of systemd wants the unit (systemctl(1), enable).
  private func isEnabled(_ unit: String) -> Bool {
    let folder = "etc/systemd/system"
    return system.names(folder).contains { name in
      (name.hasSuffix(".wants") || name.hasSuffix(".requires"))
        && system.names("\(folder)/\(name)").contains(unit)
    }
  }
}
