import Glibc

/// A moment of the clock that runs from boot on, through suspends, and that nobody can set.
///
/// Comparable within one boot only: see ``BootIdentity``.
package struct BootTime: Hashable, Comparable, Sendable {
  /// Nanoseconds of `CLOCK_BOOTTIME`.
  package let nanoseconds: UInt64

  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// This moment.
  package static var now: BootTime {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_BOOTTIME, &time) == 0 else {
      preconditionFailure("every Linux that runs Swift has CLOCK_BOOTTIME")
    }
    return BootTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  /// The moment `nanoseconds` later; the last one there is where that is beyond it.
  package func advanced(by nanoseconds: UInt64) -> BootTime {
    let (sum, isOver) = self.nanoseconds.addingReportingOverflow(nanoseconds)
    return BootTime(nanoseconds: isOver ? .max : sum)
  }

  /// The nanoseconds from now until this moment; 0 where it is past.
  package var remaining: UInt64 {
    let now = BootTime.now.nanoseconds
    return nanoseconds > now ? nanoseconds - now : 0
  }

  /// Returns when `deadline` has come, however often signals interrupt the wait.
  package static func sleep(until deadline: BootTime) {
    let seconds = min(deadline.nanoseconds / 1_000_000_000, UInt64(Int32.max))
    var time = timespec(
      tv_sec: Int(seconds), tv_nsec: Int(deadline.nanoseconds % 1_000_000_000))
    while unsafe clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &time, nil) == EINTR {}
  }

  package static func < (left: BootTime, right: BootTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}
