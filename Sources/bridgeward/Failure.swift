import ArgumentParser
import Driver
import Host

/// Tells people why a command ended early.
enum Failure {
  /// Prints what `error` says, help and version included, and returns the status to end with.
  static func report(_ error: any Error) -> ExitStatus {
    if let failure = error as? HostError { return report(failure) }
    if let failure = error as? ApplyError { return report(failure) }
    if error is LiveError || error is IptablesError {
      try? StandardStream.error.write("bridgeward: \(error)\n")
      return .environment
    }
    let text = Tool.fullMessage(for: error) + "\n"
    guard Tool.exitCode(for: error) != .success else {
      do { try StandardStream.output.write(text) } catch { return report(error) }
      return .success
    }
    // Nobody is left to tell where standard error is gone, too.
    try? StandardStream.error.write(text)
    return .mistake
  }

  /// Tells what was done. Where that cannot be told, it is done all the same.
  static func afterChange(_ tell: () throws -> Void) {
    do { try tell() } catch {
      try? StandardStream.error.write("bridgeward: it is done, but could not be told: \(error)\n")
    }
  }

  private static func report(_ failure: ApplyError) -> ExitStatus {
    try? StandardStream.error.write("bridgeward: \(failure)\n")
    switch failure {
    case .writableFiles: return .mistake
    case .host, .live, .iptables, .otherBackend, .iptablesInForce, .waiting, .tooLate,
      .nothingWaits, .nothingBefore, .cutsConnection, .abandoned, .outpaced,
      .notAccepted, .halfway:
      return .environment
    }
  }

  private static func report(_ failure: HostError) -> ExitStatus {
    if failure.code == .closedPipe { return .closedPipe }
    try? StandardStream.error.write("bridgeward: \(failure)\n")
    return .environment
  }
}
