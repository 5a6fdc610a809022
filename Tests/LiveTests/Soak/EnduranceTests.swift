import Foundation
import PolicyTestSupport
import ScratchFiles
import TestSupport
import Testing

/// Many changes by one process, as by a program that has the compiler built in.
@Suite struct EnduranceTests {
  /// Neither heap nor memory nor descriptors grow, once every policy was applied.
  @Test func doesNotGrow() async throws {
    let applies = SoakBudget.current.applies
    let samples = try await onThread { try Self.samples(applies) }
    let first = try #require(samples.first)
    let last = try #require(samples.last)
    print(
      """
      Endurance: \(applies) applies in one process; heap in use \(first.heap / 1024) KiB after \
      \(first.applies), \(last.heap / 1024) KiB after \(last.applies); resident \
      \(first.kilobytes) KiB, \(last.kilobytes) KiB; descriptors \(first.descriptors), \
      \(last.descriptors)
      """)
    #expect(samples.count > 2)
    #expect(samples.allSatisfy { $0.descriptors == first.descriptors })
    #expect(last.heap < first.heap + 256 << 10)
    #expect(last.kilobytes < first.kilobytes + 8 << 10)
  }

  struct Sample {
    let applies: Int
    let heap: Int
    let kilobytes: Int
    let descriptors: Int
  }

  private static func samples(_ applies: Int) throws -> [Sample] {
    let host = try LiveHost()
    var random = SeededGenerator(seed: 1)
    let policies = try (0..<10).map { number in
      try host.policy(SoakPolicy(using: &random).text, "\(number).ward")
    }
    let program = LiveHost.program.replacing("/bridgeward", with: "/Endurance")
    let output = try host.namespace.perform {
      try Command([program, host.scratch.path, "\(applies)"] + policies).run()
    }
    return output.split(separator: "\n").compactMap { line in
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      guard numbers.count == 4 else { return nil }
      return Sample(
        applies: numbers[0], heap: numbers[1], kilobytes: numbers[2], descriptors: numbers[3])
    }
  }
}
