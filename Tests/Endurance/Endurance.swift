import CMalloc
import Driver
import Foundation
import HeaderSpace
import Host

/// Applies policies one after the other in one process, asks all that can be asked of them in
/// between, and tells what the process has grown to.
///
/// `Endurance FOLDER APPLIES POLICY…`: states are kept below FOLDER. Prints lines of
/// `APPLIES HEAP RESIDENT DESCRIPTORS`: bytes of the heap in use, kilobytes in memory, open
/// descriptors. At its end nothing is in use any longer, which LeakSanitizer holds it to.
@main
struct Endurance {
  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("endurance: \(error)\n".utf8))
      exit(3)
    }
  }

  private static func run(_ arguments: [String]) throws {
    guard arguments.count > 3, let count = Int(arguments[1]) else {
      throw CocoaError(.formatting)
    }
    let application = Application(
      directory: StateDirectory(
        persistent: "\(arguments[0])/state", volatile: "\(arguments[0])/run", isHome: false))
    let policies = arguments[2...].map { $0 }
    for number in 1...count {
      let questions = Questions(policy: policies[number % policies.count])
      let (compilation, digest) = try questions.compiled()
      _ = try application.apply(compilation, digest, ApplyOptions(isForced: true))
      if number % 17 == 0 { try questions.ask(compilation) }
      if number % 25 == 0 { _ = try application.rollback() }
      if number % (policies.count * 2) == 0 {
        print(number, mallinfo2().uordblks, try residentKilobytes(), try descriptors())
      }
    }
  }

  private static func residentKilobytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  }

  private static func descriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
  }
}
