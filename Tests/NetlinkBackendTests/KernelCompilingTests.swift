import Diagnostics
import Driver
import Netfilter
import Testing

/// Compiling for the kernel that runs gives the rules for what it can do, whether or not it is asked.
@Suite struct KernelCompilingTests {
  @Test func rulesAreThoseForWhatTheKernelCanDo() throws {
    var independent = 0
    for golden in GoldenPolicy.all {
      let found = try inNamespace { try golden.compiler([]).compileForKernel(golden.sources()) }
      let wanted = try golden.compiler(Capability.ofThisKernel).compile(golden.sources())
      #expect(found.ruleset == wanted.ruleset, "\(golden)")
      let findings = [found, wanted].map { Set($0.findings(of: [.nft]).sorted) }
      #expect(findings[0] == findings[1], "\(golden)")
      let most = try golden.compiler(Set(Capability.allCases)).compile(golden.sources())
      if try golden.compiler([]).compile(golden.sources()).ruleset == most.ruleset {
        independent += 1
      }
    }
    // There are both kinds, or this would say nothing.
    #expect((10..<(GoldenPolicy.all.count - 10)).contains(independent), "\(independent)")
  }
}
