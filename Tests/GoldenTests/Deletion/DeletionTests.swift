import Driver
import Evaluation
import Netfilter
import Testing

/// Every rule earns its place: without it something else becomes of some packet.
@Suite struct DeletionTests {
  /// Leaves out each rule, chain and element of a golden policy in turn.
  ///
  /// Whatever nothing notices has to be on the list, and whatever is on the list has to be there.
  @Test(arguments: DeletionForm.allCases, try GoldenCase.all())
  func everyPartIsNoticedOrListed(_ form: DeletionForm, _ golden: GoldenCase) throws {
    guard let result = try DeletionResult(golden, form) else { return }
    let list = try UnshownParts(form)
    let listed = list.shapes(in: golden.name)
    for (shape, parts) in result.unshown.sorted(by: { $0.key < $1.key }) {
      #expect(
        listed.contains(shape),
        "nobody would miss \(parts); with a reason it is \(form.rawValue) \(golden.name) \(shape)")
    }
    for shape in list.own(shapesIn: golden.name) where result.unshown[shape] == nil {
      Issue.record("listed, but not there or not idle: \(form.rawValue) \(golden.name) \(shape)")
    }
    #expect(result.shownByTalks * 2 >= result.unshownCount, "\(result)")
  }

  /// The list speaks of policies that there are.
  @Test(arguments: DeletionForm.allCases) func listIsOfGoldenPolicies(_ form: DeletionForm) throws {
    let names = Set(try GoldenCase.all().map(\.name))
    #expect(try UnshownParts(form).policies.subtracting(names) == [])
  }

  /// A rule that stands there twice would not be missed: the test can fail.
  @Test func rulesThatStandTwiceAreFound() throws {
    let golden = try #require(try GoldenCase.all().first { $0.name == "examples/quickstart" })
    let compilation = try GoldenCompiler(golden).compilation
    let program = DeletionForm.nft.program(of: try #require(compilation.ruleset))
    let laboratories = try Laboratory.all(compilation, program)
    let topology = laboratories[laboratories.count - 1].topology
    let listed = try UnshownParts(.nft).shapes(in: golden.name)
    var trial = DeletionTrial(program, laboratories, seed: 7)
    var count = 0
    for part in program.parts where count < 8 {
      guard case .rule(let table, let chain, let rule) = part,
        !listed.contains(program.shape(part, topology)), trial.sign(of: part) == .talk
      else { continue }
      var doubled = program
      doubled.tables[table].chains[chain].rules.insert(copyOf: rule, at: rule)
      guard doubled.tables[table].chains[chain].rules[rule].isFinal else { continue }
      var other = DeletionTrial(doubled, laboratories, seed: 7)
      #expect(other.sign(of: part, isListed: true) == nil, "\(program.words(part))")
      count += 1
    }
    #expect(count == 8)
  }
}

extension Program.Rule {
  /// Whether packets do not go on with the next rule.
  fileprivate var isFinal: Bool {
    effects.contains(.action(.verdict(.accept))) || effects.contains(.action(.verdict(.drop)))
  }
}
