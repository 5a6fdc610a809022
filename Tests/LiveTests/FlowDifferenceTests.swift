import ScratchFiles
import TestSupport
import Testing

/// `diff --flows POLICY` against the rules that stand in the kernel.
@Suite struct FlowDifferenceTests {
  private func applied() throws -> (host: LiveHost, policy: String) {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small, "small.ward")
    let run = try host.bridgeward("apply", policy)
    try #require(run.status == 0, "\(run.errors)")
    return (host, policy)
  }

  @Test func theSameIsSilent() throws {
    let (host, policy) = try applied()
    let run = try host.bridgeward("diff", "--flows", policy)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.isEmpty && run.errors.isEmpty, "\(run.output)\(run.errors)")
  }

  /// Written otherwise, it is still the same to every connection.
  @Test func otherWordsAreNoDifference() throws {
    let (host, _) = try applied()
    let other = try host.policy("# as before\n" + SamplePolicy.small, "other.ward")
    #expect(try host.bridgeward("diff", "--flows", other).status == 0)
  }

  @Test func openedAndClosedAreNamed() throws {
    let (host, _) = try applied()
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    let run = try host.bridgeward("diff", "--flows", larger)
    #expect(run.status == 1)
    #expect(
      run.output == """
        --- live
        +++ \(larger)
        - lab -> lab any (ipv4)
        + host -> host tcp 5432 (ipv4), to lab.db:5432  # \(larger):9
        ! world, lab -> host tcp 5432 (ipv4): directly -> to lab.db:5432  # \(larger):9

        """)
    #expect(try host.bridgeward("apply", larger).status == 0)
    let after = try host.bridgeward("diff", "--flows", larger)
    #expect(after.status == 0 && after.output.isEmpty, "\(after.output)")
    let back = try host.bridgeward("diff", "--flows", "\(host.scratch.path)/small.ward")
    #expect(back.status == 1)
    #expect(back.output.contains("\n+ lab -> lab any (ipv4)"), "\(back.output)")
  }

  /// Nothing is loaded: the network is nowhere to the kernel.
  @Test func withoutRulesEverythingOpens() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small, "small.ward")
    let run = try host.bridgeward("diff", "--flows", policy)
    #expect(run.status == 1)
    #expect(run.output.contains("to lab.web:80  # \(policy):7"), "\(run.output)")
  }

  /// A rule that somebody else put into our table counts as what it does.
  @Test func rulesOfOthersInOurTableAreSeen() throws {
    let (host, policy) = try applied()
    try host.nft("insert rule inet bridgeward forward tcp dport 22 accept")
    let run = try host.bridgeward("diff", "--flows", policy)
    #expect(run.status == 1)
    let lines = run.output.split(separator: "\n").dropFirst(2)
    // It opens to the world, and the policy would close it again.
    #expect(lines.contains { $0.hasPrefix("- world") && $0.contains("tcp 22") }, "\(run.output)")
    #expect(lines.allSatisfy { $0.hasPrefix("- ") && $0.contains("tcp 22") }, "\(run.output)")
    #expect(try host.bridgeward("apply", policy).status == 0)
    #expect(try host.bridgeward("diff", "--flows", policy).status == 0)
  }

  /// What nobody here has words for is said, not guessed.
  @Test func whatIsNotUnderstoodIsSaid() throws {
    let (host, policy) = try applied()
    try host.nft("insert rule inet bridgeward forward meta cpu 3 drop")
    let run = try host.bridgeward("diff", "--flows", policy)
    #expect(run.errors.contains("what somebody else put into our tables"), "\(run.errors)")
  }
}
