package import Host

/// Where the saved states of one network namespace are, and what is true until the next boot only.
package struct StateDirectory: Hashable, Sendable {
  /// Survives boots: the accepted state and the history.
  package let persistent: String
  /// Does not: the lock, a change that waits for its confirmation, the settings that are ours.
  package let volatile: String
  /// Whether the namespace is the machine's own, whose interfaces udev and sysctl.d look after.
  package let isHome: Bool

  package init(persistent: String, volatile: String, isHome: Bool) {
    self.persistent = persistent
    self.volatile = volatile
    self.isHome = isHome
  }

  /// The directories of the namespace that this process is in.
  ///
  /// `/var/lib/bridgeward` and `/run/bridgeward` belong to the machine's own namespace. Another one
  /// does not outlive the boot, so that everything of it is below
  /// `/run/bridgeward/netns-INODE-COOKIE`. What the user says goes first; then what systemd says to
  /// its services.
  ///
  /// - Parameters:
  ///   - option: What the user names for what survives boots.
  ///   - variable: The value of an environment variable.
  package static func located(
    option: String? = nil, namespace: NetworkNamespaceIdentity,
    variable: (String) -> String? = Environment.value
  ) -> StateDirectory {
    let given = systemDirectory("RUNTIME_DIRECTORY", variable)
    let state = systemDirectory("STATE_DIRECTORY", variable)
    let isHome = state != nil || namespace.isHome
    let cookie = namespace.cookie.map { "-\($0)" } ?? ""
    let own = "/run/bridgeward/netns-\(namespace.inode)\(cookie)"
    let volatile = given ?? (isHome ? "/run/bridgeward" : own)
    let standard = state ?? (isHome ? "/var/lib/bridgeward" : "\(volatile)/state")
    return StateDirectory(persistent: option ?? standard, volatile: volatile, isHome: isHome)
  }

  /// The first directory of a list with colons (systemd.exec(5)).
  private static func systemDirectory(
    _ name: String, _ variable: (String) -> String?
  ) -> String? {
    variable(name)?.split(separator: ":").first.map(String.init)
  }

  /// Lets no other process change the rules of the namespace until the lock is gone.
  ///
  /// - Parameter patience: Nanoseconds to wait for another process.
  package func lock(patience: UInt64 = 0) throws(HostError) -> FileLock {
    try Directory(volatile).makePrivate()
    return try FileLock("\(volatile)/lock", patience: patience)
  }

  /// The states that were applied.
  package var history: History { History(directory: persistent) }

  /// What is to be in force: the entry that waits for its confirmation, or the accepted one; `nil`
  /// where there is neither.
  package func applied() throws(HostError) -> HistoryItem? {
    let items = try history.items()
    let waiting = try pending.read()?.number
    return items.first { $0.number == waiting } ?? items.first(where: \.isAccepted)
  }

  /// Which entry the kernel's rules are.
  package var known: KnownStateFile { KnownStateFile(path: "\(volatile)/known") }

  /// The change that waits for its confirmation.
  package var pending: PendingStore { PendingStore(directory: volatile) }

  /// The settings that are ours.
  package var sysctls: SysctlLedger { SysctlLedger(path: "\(volatile)/sysctls") }
}
