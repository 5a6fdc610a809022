import Glibc
import Host

/// What one thing took, each time that it was done.
struct Timings {
  private var nanoseconds: [Int64] = []

  /// Does something and notes how long it took, up to its result.
  mutating func measure<Value>(_ body: () throws -> Value) rethrows -> Value {
    let start = ContinuousClock.now
    let result = try body()
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    nanoseconds.append(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    return result
  }

  /// Prints a line of the name, the median in microseconds, and the peak of memory in KiB.
  func tell(_ name: String) throws {
    let median = nanoseconds.sorted()[nanoseconds.count / 2]
    let text = "\(name)\t\(median / 1000).\(median % 1000 / 100)\t\(try Self.peakKilobytes())\n"
    try StandardStream.output.write(text)
  }

  private static func peakKilobytes() throws -> Int {
    var usage = rusage()
    let status = unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    try require(status == 0, "the system tells a peak of memory")
    return usage.ru_maxrss
  }
}
