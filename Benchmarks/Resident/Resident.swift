import Glibc
import Host

/// Measures what a process would take that stays: the compiler's own libraries, in memory that is
/// warm, with files that are read and a socket that is open.
///
///     Resident encode TIMES FILE         from a compiled policy to the bytes that apply sends for it
///     Resident write FILE                writes these bytes
///     Resident change TIMES COUNT FILE   so many publishes more, and less, where FILE is applied
///     Resident check TIMES FILE          all findings, after a keystroke
///
/// Each thing is done so many times. A line of the output is its name, the median in microseconds,
/// and the peak of memory in KiB.
@main
struct Resident {
  static func main() {
    // As the program itself does.
    Heap.share()
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      try? StandardStream.error.write("Resident: \(error)\n")
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) throws {
    let numbers = arguments.compactMap { Int($0) }
    switch (arguments.first, arguments.count, numbers.count) {
    case ("encode", 3, 1): try Encoding(file: arguments[2]).run(times: numbers[0])
    case ("write", 2, 0):
      try StandardStream.output.write(try Encoding(file: arguments[1]).messages())
    case ("change", 4, 2):
      try Change(file: arguments[3], count: numbers[1]).run(times: numbers[0])
    case ("check", 3, 1): try Keystrokes(file: arguments[2]).run(times: numbers[0])
    default:
      throw Failure(
        "usage: Resident encode TIMES FILE | write FILE | change TIMES COUNT FILE"
          + " | check TIMES FILE")
    }
  }
}

/// Why nothing could be measured.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Throws, with what should have been true, where it is not.
func require(_ isTrue: Bool, _ description: String) throws(Failure) {
  if !isTrue { throw Failure(description) }
}
