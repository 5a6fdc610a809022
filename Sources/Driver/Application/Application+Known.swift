import Host

extension Application {
  /// Writes down that the rules are what an entry says; where that fails, they are asked for the
  /// next time.
  func noteKnown(generation: UInt32, entry: Int) {
    guard let boot = try? BootIdentity.current(),
      let namespace = try? NetworkNamespaceIdentity.current()
    else { return }
    try? directory.known.write(
      KnownState(boot: boot, namespace: namespace, generation: generation, entry: entry))
  }
}
