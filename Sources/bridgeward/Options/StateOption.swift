import ArgumentParser
import Driver
import Host

/// `--state-dir`, for commands that change the host or look at what was kept of its states.
struct StateOption: ParsableArguments {
  @Option(
    name: .customLong("state-dir"),
    help: ArgumentHelp(
      "Where the states that were applied are kept; the default is /var/lib/bridgeward.",
      valueName: "path"),
    completion: .directory)
  var directory: String?

  /// Changes of the rules of the network namespace that this process is in.
  ///
  /// - Parameter patience: seconds to wait for another process that changes them.
  func application(patience: UInt64 = 0) throws(HostError) -> Application {
    Application(directory: try stateDirectory(), patience: patience * 1_000_000_000)
  }

  /// Where the states of that namespace are.
  func stateDirectory() throws(HostError) -> StateDirectory {
    StateDirectory.located(
      option: directory, namespace: try NetworkNamespaceIdentity.current())
  }
}
