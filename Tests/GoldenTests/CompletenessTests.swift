import Driver
import Netfilter
import Syntax
import Testing

/// The corpus shows everything that there is.
@Suite struct CompletenessTests {
  @Test func everyKindOfStatementOccurs() throws {
    var seen: Set<StatementKind> = []
    for golden in try GoldenCase.all() {
      for tree in try GoldenCompiler(golden).compilation.trees {
        seen.formUnion(StatementKind.kinds(in: tree.declarations))
      }
    }
    for kind in StatementKind.allCases { #expect(seen.contains(kind), "\(kind)") }
  }

  /// Every condition and effect is in the output of every backend that can have it.
  @Test(arguments: Backend.allCases)
  func everyNounOccurs(_ backend: Backend) throws {
    let families = Self.families(of: backend)
    var seen: Set<NounKind> = []
    for golden in try GoldenCase.all() {
      let compiler = try GoldenCompiler(golden)
      guard let ruleset = compiler.compilation.ruleset, compiler.prints(for: backend) else {
        continue
      }
      for table in ruleset.tables where families.contains(table.family) {
        seen.formUnion(NounKind.kinds(in: table))
      }
    }
    for kind in NounKind.allCases where !Self.absent.contains(kind) {
      guard families.contains(.bridge) || !Self.bridgeOnly.contains(kind) else { continue }
      #expect(seen.contains(kind), "\(kind)")
    }
    #expect(Self.absent.isDisjoint(with: seen))
  }

  /// The tables that a backend prints; iptables has none for bridges.
  private static func families(of backend: Backend) -> Set<TableFamily> {
    backend == .nft ? [.inet, .bridge] : [.inet]
  }

  /// Kinds that only rules between the ports of a bridge have.
  private static let bridgeOnly: Set<NounKind> = [
    .inputBridge, .outputBridge, .etherType, .arpSenderAddress, .arpSenderMAC, .arpTargetAddress,
    .neighborTarget, .connectionAttempt, .remembered, .remember, .learnOutputInterface, .mark,
  ]

  /// Kinds that no statement of the language needs yet: backends print them all the same.
  private static let absent: Set<NounKind> = [.sourceIsLocal, .originalDirection]
}
