import Foundation
import ScratchFiles
import Testing

/// Input that is no policy: each a clear error and exit code 2, and nothing is written.
struct BadInputTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Compiles `name` and expects that it fails as a policy does, with `message`.
  private func expectRefusal(_ name: String, _ message: String) throws {
    let names = try scratch.names()
    let run = try Tool.run(
      "compile", "--target", "nft", "-o", "out.nft", name, in: scratch.path)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(message), "\(run.errors.prefix(2000))")
    #expect(try scratch.names() == names)
    let check = try Tool.run("check", name, in: scratch.path)
    #expect(check.status == 2)
    #expect((check.output + check.errors).contains(message))
  }

  private func expectRefusal(of bytes: [UInt8], _ message: String) throws {
    try scratch.write("a.ward", bytes)
    try expectRefusal("a.ward", message)
  }

  private func expectRefusal(of text: String, _ message: String) throws {
    try expectRefusal(of: Array(text.utf8), message)
  }

  @Test(arguments: ["", "\n\n", "# only a comment\n", "\u{FEFF}"])
  func anEmptyFile(text: String) throws {
    try expectRefusal(of: text, "error[file-empty]: the file has no statement")
  }

  @Test func aBinaryFile() throws {
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: Tool.path)).prefix(100_000))
    try expectRefusal(of: bytes, "error[text-encoding]")
  }

  @Test func invalidUTF8IsNamedByItsBytes() throws {
    let bytes = Array("uplink eth0 # \n".utf8)
    try expectRefusal(
      of: bytes.prefix(14) + [0xE2, 0x82] + bytes.suffix(1),
      "error[text-encoding]: bytes 14 to 15 are not valid UTF-8")
  }

  @Test func aNullByteIsNamedByItsPlace() throws {
    try expectRefusal(
      of: "uplink eth\u{0}0\n", "error[text-encoding]: byte 10 is NUL")
  }

  @Test func aByteOrderMarkIsPassedOver() throws {
    try scratch.write("a.ward", "\u{FEFF}language 1\nuplink eth0\n")
    let run = try Tool.run("check", "a.ward", in: scratch.path)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
  }

  @Test func windowsLineEndsAreRead() throws {
    try scratch.write("a.ward", "language 1\r\nuplink eth0\r\n")
    let run = try Tool.run("check", "a.ward", in: scratch.path)
    #expect(run.status == 0)
    #expect(run.output.contains("note[text-crlf]"))
  }

  @Test(arguments: ["{", "network a {", "on a {", "\"", "[", "-> ", "\u{1}", "a,"])
  func aMegabyteOfOneThing(text: String) throws {
    let count = 1_000_000 / text.utf8.count
    let start = ContinuousClock.now
    try expectRefusal(of: String(repeating: text, count: count), "error[syntax-error]")
    // Steps whose number is the square of the bytes take hours.
    #expect(ContinuousClock.now - start < .seconds(600))
  }

  @Test func aFileOf200MegabytesIsRefusedUnread() throws {
    let path = try scratch.write("a.ward", "language 1\n")
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 200 << 20)
    try handle.close()
    let start = ContinuousClock.now
    try expectRefusal(
      "a.ward", "error[file-too-large]: `a.ward` has more than 64 MiB and was not read")
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func standardInputOfAnyLengthIsRefused() throws {
    let run = try Tool.shell(#"head -c 200M /dev/zero | "$0" check -"#)
    #expect(run.status == 2)
    #expect(run.output.contains("error[file-too-large]: `<stdin>` has more than 64 MiB"))
  }

  @Test func anIncludeCycle() throws {
    try scratch.write("b.ward", "include \"c.ward\"\n")
    try scratch.write("c.ward", "include \"a.ward\"\n")
    try expectRefusal(
      of: "include \"b.ward\"\n",
      "error[include-cycle]: this leads back to `a.ward`, which is open\n --> c.ward:1:1")
  }

  @Test func aMissingInclude() throws {
    try expectRefusal(
      of: "include \"parts/*.ward\"\n", "error[include-missing]: `parts/*.ward` names no file")
  }

  @Test func aDirectoryWithoutPolicies() throws {
    try scratch.write("empty/notes.txt", "")
    try expectRefusal("empty", "error[file-empty]: the directory `empty` holds no policy")
  }

  @Test func aFileThatIncludesItself() throws {
    try expectRefusal(
      of: "include \"a.ward\"\n", "error[include-cycle]: `a.ward` includes itself")
  }

  @Test func aLinkThatLeadsToItself() throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(scratch.path)/a.ward", withDestinationPath: "a.ward")
    let run = try Tool.run("check", "a.ward", in: scratch.path)
    #expect(run.status == 3)
    #expect(run.errors.contains("cannot read a.ward: Too many levels of symbolic links"))
  }

  @Test func aMissingFile() throws {
    try expectRefusal(
      "none.ward", "cannot read none.ward: No such file or directory; check the path")
  }

  @Test func tenThousandErrorsAreCountedAndAHundredShown() throws {
    try scratch.write("a.ward", String(repeating: "uplink ,\n", count: 10_000))
    let run = try Tool.run("check", "a.ward", in: scratch.path)
    #expect(run.status == 2)
    #expect(run.output.hasSuffix("\n10000 errors; the first 100 are shown\n"))
    #expect(run.output.components(separatedBy: "error[syntax-error]").count == 101)
    let json = try Tool.run("check", "--format", "json", "a.ward", in: scratch.path)
    #expect(json.output.contains("\"errors\" : 10000"))
  }

  @Test func manyErrorsAreAllThereForMachines() throws {
    let broken = (1...300).map { "allow host -> nobody\($0) tcp 80\n" }.joined()
    try scratch.write("a.ward", broken)
    let run = try Tool.run("check", "--format", "json", "a.ward", in: scratch.path)
    #expect(run.status == 2)
    #expect(run.output.components(separatedBy: "\"name-unknown\"").count == 301)
  }
}
