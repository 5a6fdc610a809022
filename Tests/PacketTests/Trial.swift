import TestSupport

/// A scenario tried on a router: which expectations its rules do not meet.
struct Trial {
  let expectations: [Expectation]
  let ports: Set<UInt16>
  /// What happens before a round.
  let pauses: [Int: Scenario.Pause]

  /// An expectation, and what was seen instead.
  struct Failure: CustomStringConvertible {
    let expectation: Expectation
    let observation: Observation

    var description: String {
      "line \(expectation.line), \(expectation): \(observation.summary)"
    }
  }

  /// How long a probe may take, in milliseconds: longer than any answer, and shorter than the
  /// second after which TCP tries again.
  private static let patience = 250

  /// The same for a probe that failed, so that a busy machine does not look like a lost packet.
  private static let longPatience = 2500

  /// Sends all probes and returns what went wrong.
  func failures(on router: Router) async throws -> [Failure] {
    try await router.serve(ports)
    var failures: [Failure] = []
    let rounds = (expectations.map(\.round).max() ?? 0) + 1
    for round in 0..<rounds {
      switch pauses[round] {
      case .release: await router.release()
      case .milliseconds(let time): try await Task.sleep(for: .milliseconds(time))
      case nil: break
      }
      let current = expectations.filter { $0.round == round }
      let harmless = current.filter { !$0.probe.poisonsNeighbors }
      failures += try await self.failures(of: harmless, on: router)
      let poisonous = current.filter(\.probe.poisonsNeighbors)
      failures += try await self.failures(of: poisonous, on: router)
    }
    return failures
  }

  private func failures(
    of expectations: [Expectation], on router: Router
  ) async throws -> [Failure] {
    guard !expectations.isEmpty else { return [] }
    let first = try await observe(expectations, Self.patience, on: router)
    let late = first.filter { $0.expectation.mayBeLate($0.observation) }
    let firm = first.filter { !$0.expectation.mayBeLate($0.observation) }
    guard !late.isEmpty else { return firm }
    let second = try await observe(late.map(\.expectation), Self.longPatience, on: router)
    return firm + second
  }

  private func observe(
    _ expectations: [Expectation], _ patience: Int, on router: Router
  ) async throws -> [Failure] {
    let observations = try await router.observe(expectations.map(\.probe), patience: patience)
    return zip(expectations, observations).compactMap { expectation, observation in
      expectation.isMet(by: observation)
        ? nil : Failure(expectation: expectation, observation: observation)
    }
  }
}

extension Scenario {
  /// The scenario's probes, those left out that the cell cannot enforce.
  func trial(in cell: Cell) -> Trial {
    Trial(
      expectations: expectations.filter { cell.provides($0.need) }, ports: ports, pauses: pauses)
  }
}
