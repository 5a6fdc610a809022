import Glibc

/// Tells a process from all others of this boot, also from those that get its number later.
package struct ProcessIdentity: Hashable, Sendable {
  package let process: Int32
  /// When it was started, in the kernel's clock ticks since boot.
  package let startTicks: UInt64

  package init(process: Int32, startTicks: UInt64) {
    self.process = process
    self.startTicks = startTicks
  }

  /// The process that has this number now; `nil` where none has, or a dead one that nobody buried.
  package init?(process: Int32) {
    guard let entry = ProcessEntry(process), !entry.isDead else { return nil }
    self.init(process: process, startTicks: entry.startTicks)
  }

  /// This process.
  package static func current() throws(HostError) -> ProcessIdentity {
    guard let identity = ProcessIdentity(process: getpid()) else {
      throw HostError(.notFound, "read /proc/self/stat", advice: "mount /proc")
    }
    return identity
  }

  /// Whether it still runs.
  package var isAlive: Bool { ProcessIdentity(process: process) == self }

  /// Asks it to end; does nothing where it is gone.
  package func terminate() {
    if isAlive { _ = kill(process, SIGTERM) }
  }
}
