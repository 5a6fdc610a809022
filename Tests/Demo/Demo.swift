import Driver
import Foundation
import Host
import TestSupport

/// Compiles an example, loads it with each backend, and shows what packets do.
@main
struct Demo {
  static func main() async {
    do {
      let isAsExpected = try await run()
      exit(isAsExpected ? 0 : 1)
    } catch {
      try? StandardStream.error.write("demo: \(error)\n")
      exit(3)
    }
  }

  private static let policy = "Examples/quickstart.ward"

  private static func run() async throws -> Bool {
    let width = StandardStream.output.columns ?? 160
    let example = try CompiledExample(policy)
    try show(example, width: width)
    try StandardStream.output.write("Sending packets through each of them ...\n\n")
    try NetworkNamespace.removeStale()
    let router = try Router(.reference, group: 0)
    var results: [BackendResults] = []
    do {
      for backend in DemoBackend.allCases {
        results.append(try await example.results(of: backend, on: router))
      }
    } catch {
      try await router.remove()
      throw error
    }
    try await router.remove()
    let table = ResultTable(results, policy: example.policy)
    try StandardStream.output.write(table.text(width: width))
    return results.allSatisfy(\.isAsExpected)
  }

  private static func show(_ example: CompiledExample, width: Int) throws {
    let columns = [
      Column("\(policy): the policy", example.policy),
      Column("for nft -f", example.nft),
      Column("for iptables-restore --noflush (IPv6 likewise)", example.iptables),
    ]
    try StandardStream.output.write(sideBySide(columns, width: width))
  }
}
