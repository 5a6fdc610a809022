import Driver
import Foundation
import TestSupport

/// The example in all the languages that it is compiled to.
struct CompiledExample {
  let policy: String
  let nft: String
  let iptables: String
  let ip6tables: String
  let hooks: String

  init(_ path: String) throws {
    policy = try String(contentsOfFile: path, encoding: .utf8)
    let compilation = try Compiler().compile([.path(path)])
    func text(_ backend: Backend) throws -> String {
      guard let output = backend.output(of: compilation) else {
        throw DemoError("\(path) has errors")
      }
      return String(decoding: output.bytes, as: UTF8.self)
    }
    nft = try text(.nft)
    iptables = try text(.iptables)
    ip6tables = try text(.ip6tables)
    hooks = try text(.iptablesHooks)
  }

  func program(_ backend: DemoBackend) -> FirewallProgram {
    switch backend {
    case .nft: .nft(nft)
    case .iptablesNft: .iptables(.nft, ipv4: iptables, ipv6: ip6tables, hooks: hooks)
    case .iptablesLegacy: .iptables(.legacy, ipv4: iptables, ipv6: ip6tables, hooks: hooks)
    }
  }

  /// Loads the example and makes every attempt, one after the other, so that counters tell which
  /// rule decided it.
  func results(of backend: DemoBackend, on router: Router) async throws -> BackendResults {
    try await router.load([program(backend)], filtersBridged: backend.needsBridgedFrames)
    try await router.serve(Set(Attempt.all.map(\.port)))
    var results: [BackendResults.Result] = []
    for attempt in Attempt.all {
      results.append(try await result(of: attempt, by: backend, on: router))
    }
    return BackendResults(backend: backend, results: results)
  }

  /// Makes an attempt, again where several rules that drop have counted: machines talk of their
  /// own, too, and the rule that counts each time is the one that the attempt meets.
  private func result(
    of attempt: Attempt, by backend: DemoBackend, on router: Router
  ) async throws -> BackendResults.Result {
    var hits: Set<RuleListing.Rule>?
    var observations: [Observation] = []
    var rules = try await listing(of: backend, on: router)
    for _ in 0..<8 {
      observations = try await router.observe(attempt.probes, patience: 300)
      let after = try await listing(of: backend, on: router)
      let new = after.hits(since: rules)
      rules = after
      hits = hits?.intersection(new) ?? new
      let droppers = Set((hits ?? []).filter { $0.effect == .drop }.map(\.comment))
      if attempt.expected != .dropped || droppers.count < 2 { break }
    }
    return BackendResults.Result(attempt, observations, hits: hits ?? [], rules: rules)
  }

  private func listing(of backend: DemoBackend, on router: Router) async throws -> RuleListing {
    var texts: [String] = []
    for command in backend.listings { texts.append(try await router.hostOutput(of: command)) }
    return try backend.rules(texts)
  }
}

/// Why the demonstration cannot go on.
struct DemoError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
