import FuzzTargets
import PolicyTestSupport
import Testing

/// What `make fuzz` looks for with many inputs holds of those that are known, damaged or not.
struct FuzzTests {
  @Test(arguments: FuzzTarget.allCases)
  func everyTargetHasInputs(_ target: FuzzTarget) throws {
    #expect(try Input.kept(for: target).count >= 4)
  }

  @Test func everyInputIsOfATarget() throws {
    #expect(try Set(Input.folders()) == Set(FuzzTarget.allCases.map(\.rawValue)))
  }

  /// Seeds, and inputs that once broke something.
  @Test(arguments: FuzzTarget.allCases)
  func keptInputsObeyTheLaws(_ target: FuzzTarget) throws {
    for input in try Input.kept(for: target) { check(input, target, seeds: 12) }
  }

  @Test(arguments: try Input.policies())
  func policiesObeyTheLaws(_ input: Input) {
    check(input, .parser, seeds: 3)
    check(input, .compiler, seeds: 1)
  }

  @Test(arguments: try Input.restoreTexts())
  func restoreTextsObeyTheLaws(_ input: Input) { check(input, .save, seeds: 2) }

  @Test(arguments: FuzzTarget.allCases)
  func nothingIsAnInputToo(_ target: FuzzTarget) {
    check(Input(name: "nothing", bytes: []), target, seeds: 0)
    for byte in UInt8.min...UInt8.max {
      check(Input(name: "byte \(byte)", bytes: [byte]), target, seeds: 0)
    }
  }

  /// Checks an input, and so many damaged ones made of it.
  private func check(_ input: Input, _ target: FuzzTarget, seeds: UInt64) {
    expectLaws(input.bytes, target, input.name)
    for seed in 0..<seeds {
      var random = SeededGenerator(seed: seed)
      var bytes = input.bytes
      for _ in 0...seed % 4 {
        bytes = random.pick(Array(Mutation.allCases)).apply(to: bytes, random: &random)
      }
      expectLaws(bytes, target, "\(input.name), seed \(seed)")
    }
  }

  private func expectLaws(_ bytes: [UInt8], _ target: FuzzTarget, _ name: String) {
    do throws(BrokenLaw) {
      try target.check(bytes)
    } catch {
      Issue.record("\(target.rawValue), \(name): \(error)")
    }
  }
}
