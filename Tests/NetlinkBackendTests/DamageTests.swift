import Glibc
import KernelForm
import Netfilter
import NetlinkBackend
import RulesetTestSupport
import Testing

/// Bytes that make no sense are an error, and never the end of the program.
@Suite struct DamageTests {
  private static func state() throws -> [UInt8] {
    try inNamespace {
      try Nft.load(Ruleset(tables: [everyInetNoun(), everyBridgeNoun()]).script)
      var session = try NetlinkSession()
      return try session.snapshot(table: "bridgeward")
    }
  }

  /// The bytes with the checksum that they should have.
  private static func resealed(_ bytes: [UInt8]) -> [UInt8] {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes[16...] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var result = bytes
    for index in 0..<8 { result[8 + index] = UInt8(truncatingIfNeeded: hash >> (56 - 8 * index)) }
    return result
  }

  @Test func sealIsChecked() throws {
    let state = try Self.state()
    #expect(Self.resealed(state) == state)
    for place in stride(from: 0, to: state.count, by: 1999) {
      var damaged = state
      damaged[place] ^= 0x10
      let error = #expect(throws: NetlinkError.self) { try KernelRuleset(snapshot: damaged) }
      #expect(error?.errno == EBADMSG)
    }
    for length in [0, 1, 7, 8, 15, 16, 17, 30, state.count / 2, state.count - 1] {
      #expect(throws: NetlinkError.self) { try KernelRuleset(snapshot: Array(state[..<length])) }
    }
  }

  @Test func damagedStateIsNotSent() throws {
    let state = try Self.state()
    try inNamespace {
      var session = try NetlinkSession()
      try session.commit(Fixture.plan(Fixture.table()), generation: nil)
      let generation = try session.generation()
      var damaged = state
      damaged[state.count / 2] ^= 1
      #expect(throws: NetlinkError.self) { try session.restore(damaged, generation: nil) }
      let cut = Self.resealed(Array(state.dropLast(6)))
      #expect(throws: NetlinkError.self) { try session.restore(cut, generation: nil) }
      #expect(try session.generation() == generation)
    }
  }

  /// Bytes all over the messages are bent; many are read all the same, none ends the program.
  @Test func bentMessagesAreReadOrRefused() throws {
    let state = try Self.state()
    var refused = 0
    for place in stride(from: 27, to: state.count, by: 211) {
      var bent = state
      bent[place] = bent[place] &+ UInt8(truncatingIfNeeded: 1 + place % 255)
      do throws(NetlinkError) {
        _ = try KernelRuleset(snapshot: Self.resealed(bent))
      } catch {
        refused += 1
        #expect(error.errno == EBADMSG)
      }
    }
    #expect(refused > 50)
  }

  @Test func cutMessagesAreReadOrRefused() throws {
    let state = try Self.state()
    for length in stride(from: 27, to: state.count, by: 1009) {
      _ = try? KernelRuleset(snapshot: Self.resealed(Array(state[..<length])))
    }
  }
}
