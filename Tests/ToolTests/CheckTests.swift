import Foundation
import ScratchFiles
import Testing

struct CheckTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private static let broken = """
    network front {
      bridge br0
      subnet 10.0.0.0/24
      masquerade
      container web 10.0.0.2
      publish tcp 80 -> wbe from any
      publish tcp 81 -> weeb from any
    }

    """

  @Test func aCleanPolicyIsSilent() throws {
    try scratch.write("a.ward", "language 1\nuplink eth0\n")
    let run = try Tool.run("check", "a.ward", in: scratch.path)
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    #expect(run.errors.isEmpty)
  }

  @Test func fixesAreAppliedAndTheRestIsTold() throws {
    try scratch.write("a.ward", Self.broken)
    let run = try Tool.run("check", "--fix", "a.ward", in: scratch.path)
    #expect(run.status == 0)
    #expect(run.errors == "2 fixes applied\n")
    #expect(
      try scratch.read("a.ward")
        == Self.broken.replacingOccurrences(of: "wbe", with: "web")
        .replacingOccurrences(of: "weeb", with: "web"))
  }

  @Test func withoutFixNothingIsChanged() throws {
    try scratch.write("a.ward", Self.broken)
    let run = try Tool.run("check", "a.ward", in: scratch.path)
    #expect(run.status == 2)
    #expect(try scratch.read("a.ward") == Self.broken)
  }

  @Test func includedFilesAreFixedToo() throws {
    try scratch.write("a.ward", "include \"parts/*.ward\"\n")
    try scratch.write("parts/b.ward", Self.broken)
    let run = try Tool.run("check", "--fix", "a.ward", in: scratch.path)
    #expect(run.status == 0)
    #expect(try !scratch.read("parts/b.ward").contains("wbe"))
  }

  @Test func standardInputCannotBeFixed() throws {
    let run = try Tool.run("check", "--fix", "-", input: Self.broken)
    #expect(run.status == 2)
    #expect(run.errors.contains("standard input"))
  }

  @Test(arguments: ["json", "sarif"])
  func machineFormatsAreOneDocument(format: String) throws {
    try scratch.write("a.ward", Self.broken)
    let run = try Tool.run("check", "--format", format, "a.ward", in: scratch.path)
    #expect(run.status == 2)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    #expect(object is [String: Any])
    #expect(run.output.contains("\"name-unknown\""))
    #expect(run.errors.isEmpty)
  }

  @Test func colorsAreWrittenOnRequestOnly() throws {
    try scratch.write("a.ward", Self.broken)
    let plain = try Tool.run("check", "a.ward", in: scratch.path)
    let colored = try Tool.run("check", "--color", "always", "a.ward", in: scratch.path)
    #expect(!plain.output.contains("\u{1B}"))
    #expect(colored.output.contains("\u{1B}[1;31merror[name-unknown]"))
    let never = try Tool.shell(
      #"NO_COLOR=1 script -qec "'$0' check a.ward" /dev/null"#, in: scratch.path)
    #expect(!never.output.contains("\u{1B}"))
    let terminal = try Tool.shell(
      #"unset NO_COLOR; script -qec "'$0' check a.ward" /dev/null"#, in: scratch.path)
    #expect(terminal.output.contains("\u{1B}[1;31m"))
  }

  @Test func whatABackendCannotDoIsAFinding() throws {
    try scratch.write(
      "a.ward",
      """
      network a {
        bridge br0 subnet 10.0.0.0/24 masquerade icc off
        container web 10.0.0.2 container db 10.0.0.3
        allow web -> db tcp 80
      }
      """)
    #expect(try Tool.run("check", "a.ward", in: scratch.path).status == 0)
    let iptables = try Tool.run(
      "check", "--target", "iptables", "--target", "ip6tables", "a.ward", in: scratch.path)
    #expect(iptables.status == 1)
    #expect(iptables.output.contains("[enforce-bridge]"))
    #expect(iptables.output.hasSuffix("\n1 warning\n"))
    let json = try Tool.run(
      "check", "--format", "json", "--target", "iptables", "a.ward", in: scratch.path)
    #expect(json.output.contains("\"enforce-bridge\""))
    #expect(try Tool.run("check", "--target", "ebtables", "a.ward", in: scratch.path).status == 2)
  }

  @Test func connectionsWithinABridgeNeedAKernelThatTracksThem() throws {
    try scratch.write(
      "a.ward",
      """
      network a {
        bridge br0 subnet 10.0.0.0/24 masquerade icc off
        container web 10.0.0.2 container db 10.0.0.3
        allow web -> db tcp 80 connections 9
      }
      """)
    let check = try Tool.run("check", "a.ward", in: scratch.path)
    #expect(check.status == 2)
    #expect(check.output.contains("--> a.ward:4:3"))
    #expect(check.output.contains("--assume bridge-conntrack"))
    let assumed = try Tool.run(
      "check", "--assume", "bridge-conntrack", "a.ward", in: scratch.path)
    #expect(assumed.status == 1)
    let compile = try Tool.run("compile", "--target", "nft", "a.ward", in: scratch.path)
    #expect(compile.status == 2)
    #expect(compile.output.isEmpty)
  }

  @Test func defaultsAreListed() throws {
    try scratch.write("a.ward", "network a { bridge br0 subnet 10.0.0.0/24 internal }\n")
    let run = try Tool.run("defaults", "a.ward", in: scratch.path)
    #expect(run.status == 0)
    #expect(run.output.contains("network a (a.ward:1)\n  gateway"))
    let json = try Tool.run("defaults", "--format", "json", "a.ward", in: scratch.path)
    let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
    #expect(
      list?.contains { $0["setting"] as? String == "icc" && $0["value"] as? String == "on" } == true
    )
    try scratch.write("a.ward", "network a { }\n")
    #expect(try Tool.run("defaults", "a.ward", in: scratch.path).status == 2)
  }
}
