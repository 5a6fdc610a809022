import Foundation
import KernelForm
import KernelTestSupport
import ScratchFiles
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

  /// What others add between the change and its being written down is loaded at no boot.
  @Test func keepsNothingOfOthersForTheNextBoot() throws {
    let (host, next) = (try LiveHost(), try LiveHost())
    let policies = [
      try host.policy(SamplePolicy.small, "small.ward"),
      try host.policy(SamplePolicy.larger, "larger.ward"),
    ]
    #expect(try host.bridgeward("apply", policies[0]).status == 0)
    let (stop, pause) = ("\(host.scratch.path)/stop", "\(host.scratch.path)/pause")
    var hundredths = 3
    try host.scratch.write("pause", "0.03")
    let other = try host.namespace.perform {
      try Command([
        "bash", "-c",
        """
        while [ ! -e \(stop) ]; do
          nft add rule inet bridgeward forward meta mark 0x777 accept; sleep $(cat \(pause))
        done
        """,
      ]).start()
    }
    var kept = 0
    for number in 0..<24 where kept < 8 {
      // Others may be faster again and again; then nothing is kept, and they take more time.
      guard try host.bridgeward("apply", policies[number % 2]).status == 0 else {
        hundredths += 2
        try host.scratch.write("pause", "\(Double(hundredths) / 100)")
        continue
      }
      try next.nft("flush", "ruleset")
      #expect(try next.bridgeward("boot", statesOf: host).status == 0)
      let listing = try next.listing()
      #expect(listing.contains("chain forward") && !listing.contains("0x00000777"))
      kept += 1
    }
    try host.scratch.write("stop")
    _ = try other.wait()
    #expect(kept > 0)
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
