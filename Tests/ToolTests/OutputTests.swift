import Foundation
import ScratchFiles
import Testing

/// What `compile` writes, where, and what it leaves alone.
struct OutputTests {
  private static let policy = """
    language 1
    network front {
      bridge br0
      subnet 10.0.0.0/24
      masquerade
      container web 10.0.0.2
      publish tcp 80 -> web from any
    }

    """

  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try scratch.write("p.ward", Self.policy)
  }

  private func compile(_ arguments: String...) throws -> Tool {
    let words = arguments.joined(separator: " ")
    return try Tool.shell(#""$0" compile "# + words, in: scratch.path)
  }

  @Test func theResultGoesToStandardOutput() throws {
    let run = try compile("--target nft p.ward")
    #expect(run.status == 0)
    #expect(run.output.contains("table inet bridgeward"))
    #expect(run.errors.isEmpty)
    #expect(try scratch.names() == ["p.ward"])
  }

  @Test func theResultGoesToAFileWhole() throws {
    let shown = try compile("--target nft p.ward").output
    let run = try compile("--target nft -o out.nft p.ward")
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    #expect(try scratch.read("out.nft") == shown)
    #expect(try scratch.names() == ["out.nft", "p.ward"])
  }

  @Test func standardInputIsAPolicyToo() throws {
    let run = try Tool.run("compile", "--target", "nft", "-", input: Self.policy)
    #expect(run.status == 0)
    #expect(run.output.contains("<stdin>:7"))
  }

  @Test func aDirectoryIsOnePolicy() throws {
    try scratch.write("q.ward", "allow web -> host tcp 22\n")
    let run = try compile("--target nft .")
    #expect(run.status == 0)
    #expect(run.output.contains("p.ward:7"))
    #expect(run.output.contains("q.ward:1"))
  }

  @Test func errorsWriteNothing() throws {
    try scratch.write("out.nft", "old")
    try scratch.write("q.ward", "publish tcp 81 -> wbe\n")
    let run = try compile("--target nft -o out.nft p.ward q.ward")
    #expect(run.status == 2)
    #expect(run.errors.contains("error[name-unknown]"))
    #expect(try scratch.read("out.nft") == "old")
    let shown = try compile("--target nft p.ward q.ward")
    #expect(shown.output.isEmpty)
  }

  @Test func warningsGoToStandardError() throws {
    try scratch.write("p.ward", "uplink eth0\nuplink eth1\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o666], ofItemAtPath: "\(scratch.path)/p.ward")
    let run = try compile("--target nft p.ward")
    #expect(run.status == 0)
    #expect(run.errors.contains("warning[file-writable]"))
    #expect(!run.output.contains("warning"))
    let check = try Tool.run("check", "p.ward", in: scratch.path)
    #expect(check.status == 1)
    #expect(check.output.contains("warning[file-writable]"))
  }

  @Test func aFullDiskLeavesNothingBehind() throws {
    let line = #"""
      mount -t tmpfs -o size=16k none disk && head -c 12k /dev/zero > disk/other &&
      echo old > disk/out.nft && { "$0" compile --target nft -o disk/out.nft p.ward;
      code=$?; ls -A disk; cat disk/out.nft; exit $code; }
      """#
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/disk", withIntermediateDirectories: false)
    let run = try Tool.shell(
      #"unshare --mount --map-root-user sh -c "$1" "$0""#, line, in: scratch.path)
    #expect(run.status == 3)
    #expect(run.errors.contains("cannot write disk/out.nft: No space left on device"))
    #expect(run.output == "other\nout.nft\nold\n")
  }

  @Test func aPathThatCannotBeWrittenIsAnEnvironmentError() throws {
    let run = try compile("--target nft -o none/out.nft p.ward")
    #expect(run.status == 3)
    #expect(run.errors.contains("cannot write none/out.nft: No such file or directory"))
  }

  @Test func aDeviceIsWrittenInPlace() throws {
    let full = try compile(
      "--target nft -o /dev/full p.ward; code=$?; test -c /dev/full && exit $code")
    #expect(full.status == 3)
    #expect(full.errors.contains("cannot write /dev/full: No space left on device"))
    #expect(full.output.isEmpty)
    let null = try compile(
      "--target nft -o /dev/null p.ward; code=$?; test -c /dev/null && exit $code")
    #expect(null.status == 0)
    let stream = try compile("--target nft -o /dev/stdout p.ward | grep -c '^table inet'")
    #expect(stream.output == "2\n")
  }

  @Test func aDirectoryIsNoFileToWrite() throws {
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/out.nft", withIntermediateDirectories: false)
    let run = try compile("--target nft -o out.nft p.ward")
    #expect(run.status == 3)
    #expect(run.errors == "bridgeward: cannot write out.nft: Is a directory; name a file\n")
    #expect(try scratch.names() == ["out.nft", "p.ward"])
  }

  @Test func aClosedPipeIsQuiet() throws {
    let run = try compile(#"--target nft p.ward | true; exit "${PIPESTATUS[0]}""#)
    #expect(run.status == 0 || run.status == 141)
    #expect(run.errors.isEmpty)
  }

  @Test(arguments: ["tokens", "tree", "policy", "ruleset"])
  func stagesCanBeLookedAt(stage: String) throws {
    let run = try compile("--emit \(stage) p.ward")
    #expect(run.status == 0)
    #expect(run.output.contains("br0"))
  }

  @Test func tokensOfABrokenFileAreShown() throws {
    try scratch.write("p.ward", "publsh tcp\n")
    let run = try compile("--emit tokens p.ward")
    #expect(run.status == 2)
    #expect(run.output.contains("1:1\tidentifier\tpublsh"))
    #expect(run.errors.contains("error[syntax-error]"))
  }

  @Test(arguments: [
    "p.ward", "--target nft --emit tree p.ward", "--target pf p.ward", "--target nft",
  ])
  func wrongUsageIsTwo(arguments: String) throws {
    let run = try compile(arguments)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("Usage: bridgeward compile"))
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    let runs = try (0..<4).map { _ in try compile("--target nft p.ward").output }
    #expect(Set(runs).count == 1)
  }
}
