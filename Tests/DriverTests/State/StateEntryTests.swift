import Driver
import Foundation
import Host
import RulesetTestSupport
import ScratchFiles
import Testing

struct StateEntryTests {
  private let directory: Scratch

  init() throws { directory = try Scratch() }

  private func read(_ bytes: [UInt8]) throws(HostError) -> StateEntry {
    try StateEntry.read(bytes, in: directory.path)
  }

  @Test func theFileIsTextThatPeopleCanRead() {
    let text = String(decoding: SavedStates.state().encoded, as: UTF8.self)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(
      lines.dropLast(3) == [
        "#!/usr/sbin/nft -f", "# bridgeward state, format 1", "# time 2026-11-21T15:30:00Z",
        "# host alpha", "# backend nft", #"# policy /etc/bridgeward/a\x20b.ward"#,
        #"# policy /etc/bridgeward/back\x5cslash\x0a.ward"#,
        "# policy-sha256 \(SavedStates.header.digest)", "# sysctl net/ipv4/ip_forward 1",
        "# sysctl net/ipv6/conf/all/forwarding 1 was 0 with net/ipv6/conf/eth0.5/forwarding=1",
        "#", "add table inet x",
      ])
    #expect(lines.suffix(3).prefix(2).allSatisfy { $0.hasPrefix("#: ") })
    #expect(lines.last == "# crc64 \(Self.checksum(text))")
  }

  /// CRC-64/XZ bit by bit, of everything above the last line.
  private static func checksum(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var sum = ~UInt64(0)
    for byte in bytes[..<(bytes.count - 25)] {
      sum ^= UInt64(byte)
      for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 0 ? 0 : 0xC96C_5795_D787_0F42) }
    }
    let digits = String(~sum, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  @Test func whatWasWrittenIsRead() throws {
    for size in 0..<180 {
      let state = SavedStates.state(snapshot: size)
      #expect(try read(state.encoded) == state)
      #expect(state.encoded.count <= StateEntry.room(script: state.script.count, snapshot: size))
      let lines = String(decoding: state.encoded, as: UTF8.self).split(separator: "\n")
      let digits = lines.filter { $0.hasPrefix("#: ") }.map { $0.dropFirst(3) }
      #expect(digits.joined() == Data(state.snapshot).base64EncodedString())
    }
  }

  @Test(arguments: [
    "", "x\n", "#!/usr/sbin/nft -f\nadd table inet x\n", "# comment\n#\n# crc64 0\n",
    "# bridgeward state, format 1\n", "\n\n",
  ])
  func anyScriptIsKept(script: String) throws {
    let state = SavedStates.state(script: script)
    #expect(try read(state.encoded) == state)
    #expect(!state.script.starts(with: "#!".utf8))
  }

  @Test func aScriptWithoutLastLineEndGetsOne() throws {
    let state = SavedStates.state(script: "add table inet x")
    #expect(try read(state.encoded).script == Array("add table inet x\n".utf8))
  }

  @Test func everyChangedByteIsFound() throws {
    let bytes = SavedStates.state().encoded
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8(index % 8)
      let error = #expect(throws: HostError.self, "byte \(index)") { try read(damaged) }
      #expect(error?.code == .damaged)
    }
  }

  @Test func everyMissingOrFurtherByteIsFound() throws {
    let bytes = SavedStates.state().encoded
    for count in bytes.indices {
      let start = #expect(throws: HostError.self) { try read(Array(bytes[..<count])) }
      #expect(start?.code == .damaged)
      let rest = #expect(throws: HostError.self) { try read(Array(bytes[(count + 1)...])) }
      #expect(rest?.code == .damaged)
    }
    #expect(throws: HostError.self) { try read(bytes + [10]) }
    #expect(throws: HostError.self) { try read(bytes + bytes) }
  }

  @Test func damageNamesTheFileAndTheMend() throws {
    var bytes = SavedStates.state().encoded
    bytes[100] ^= 1
    let error = #expect(throws: HostError.self) { try read(bytes) }
    #expect(
      error?.description
        == "cannot use \(directory.path)/read.nft: its checksum does not fit: it was damaged or "
        + "changed by hand; mend it")
  }

  @Test func aLaterFormatIsNamed() throws {
    let text = String(decoding: SavedStates.state().encoded, as: UTF8.self)
    let later = text.replacingOccurrences(of: "format 1\n", with: "format 2\n")
    let error = #expect(throws: HostError.self) { try read(Array(later.utf8)) }
    #expect(error?.description.contains("format 2, and this release reads format 1") == true)
  }

  @Test(arguments: [
    "language 1\nnetwork n { bridge br0 subnet 10.0.0.0/24 masquerade container c 10.0.0.2 "
      + "publish tcp 80 -> c }"
  ])
  func nftLoadsTheFile(policy: String) throws {
    let path = try directory.write("p.ward", policy)
    let result = try Compiler().compile([.path(path)])
    let output = try #require(Backend.nft.output(of: result))
    let state = StateEntry(
      header: SavedStates.header, script: output.bytes, snapshot: Array(repeating: 9, count: 999))
    let shell = NamespacedShell(files: ["state.nft": state.encoded, "script.nft": output.bytes])
    let loaded = try shell.run(
      """
      set -e
      nft -f script.nft; nft list ruleset > one; nft flush ruleset
      nft -f state.nft; nft list ruleset > two; cmp one two; wc -l < two
      """)
    #expect(loaded.status == 0, "\(loaded.errors)")
    #expect((Int(loaded.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0) > 10)
  }
}
