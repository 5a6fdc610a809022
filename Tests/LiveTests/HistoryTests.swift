import Foundation
import KernelForm
import KernelTestSupport
import TestSupport
import Testing

/// Going back, starting anew, and states that cannot be trusted.
@Suite struct HistoryTests {
  @Test func goesBackAndForth() throws {
    let host = try LiveHost()
    #expect(try host.bridgeward("apply", try host.policy(SamplePolicy.small)).status == 0)
    let first = try host.listing()
    #expect(try host.bridgeward("apply", try host.policy(SamplePolicy.larger)).status == 0)
    let second = try host.listing()
    #expect(try host.bridgeward("rollback").status == 0)
    #expect(try host.listing() == first)
    #expect(try host.bridgeward("rollback", "2").status == 0)
    #expect(try host.listing() == second)
    #expect(try host.bridgeward("rollback", "9").status == 3)
    #expect(try host.listing() == second)
  }

  @Test func loadsTheAcceptedStateAtBoot() throws {
    let host = try LiveHost()
    #expect(try host.bridgeward("boot").output == "nothing was applied yet\n")
    #expect(try host.bridgeward("apply", try host.policy(SamplePolicy.larger)).status == 0)
    let applied = try host.listing()
    try host.nft("flush", "ruleset")
    #expect(try host.bridgeward("boot").status == 0)
    #expect(try host.listing() == applied)
  }

  /// The cache is a script that stock nft loads, to the same rules.
  @Test func stockNftLoadsTheAcceptedState() throws {
    let host = try LiveHost()
    #expect(try host.bridgeward("apply", try host.policy(SamplePolicy.larger)).status == 0)
    let applied = try host.listing()
    try host.nft("flush", "ruleset")
    try host.nft("-f", "\(host.stateDirectory)/accepted.nft")
    #expect(try host.listing() == applied)
  }

  @Test func tellsDamage() throws {
    let host = try LiveHost()
    #expect(try host.bridgeward("apply", try host.policy(SamplePolicy.small)).status == 0)
    #expect(try host.bridgeward("apply", try host.policy(SamplePolicy.larger)).status == 0)
    let applied = try host.listing()
    let file = "\(host.stateDirectory)/history/000001.nft"
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    let back = try host.bridgeward("rollback", "1")
    #expect(back.status == 3)
    #expect(back.errors.contains(file), "\(back.errors)")
    #expect(try host.listing() == applied)
  }

  /// A damaged cache at boot gives way to the last sound state.
  @Test func bootsFromTheLastSoundState() throws {
    let host = try LiveHost()
    #expect(try host.bridgeward("apply", try host.policy(SamplePolicy.small)).status == 0)
    let first = try host.listing()
    #expect(try host.bridgeward("apply", try host.policy(SamplePolicy.larger)).status == 0)
    let file = "\(host.stateDirectory)/history/000002.nft"
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: file))
    try host.nft("flush", "ruleset")
    let boot = try host.bridgeward("boot")
    #expect(boot.status == 0, "\(boot.errors)")
    #expect(boot.errors.contains("entry 1"))
    #expect(try host.listing() == first)
  }

  /// What nobody confirmed must not come into force by itself.
  @Test func bootsNoPolicyThatDidNotLast() throws {
    let host = try LiveHost()
    #expect(try host.bridgeward("apply", try host.policy(SamplePolicy.small)).status == 0)
    let accepted = try host.listing()
    let larger = try host.policy(SamplePolicy.larger)
    #expect(try host.bridgeward("apply", "--confirm", "60", larger).status == 0)
    #expect(try host.bridgeward("rollback").status == 0)
    let boot = try host.bridgeward("apply", "--boot", larger)
    #expect(boot.status == 3)
    #expect(boot.errors.contains("at boot"), "\(boot.errors)")
    #expect(try host.listing() == accepted)
    #expect(try host.bridgeward("apply", larger).status == 0, "by hand it may be tried again")
  }

  /// Large maps are kept as they were sent, small ones as the kernel tells them.
  @Test func goesBackToLargeMaps() throws {
    let host = try LiveHost()
    var text = SamplePolicy.small.replacing("publish tcp 8080 -> web:80\n}", with: "")
    for port in 20_000..<21_500 { text += "publish tcp \(port) -> web:80\n" }
    #expect(try host.bridgeward("apply", try host.policy("\(text)\n}\n")).status == 0)
    let large = try host.rules().canonical
    #expect(try host.bridgeward("apply", try host.policy(SamplePolicy.larger)).status == 0)
    #expect(try host.rules().canonical != large)
    #expect(try host.bridgeward("rollback").status == 0)
    #expect(try host.rules().canonical == large)
    try host.nft("flush", "ruleset")
    #expect(try host.bridgeward("boot").status == 0)
    #expect(try host.rules().canonical == large)
  }
}
