import Foundation
import ScratchFiles
import Testing

struct FormatTests {
  private static let untidy =
    "language   1\nnetwork a {bridge br0\n\tsubnet 10.0.0.0/24 internal}\n"

  private let scratch: Scratch
  private let tidy: String

  init() throws {
    scratch = try Scratch()
    tidy = try Tool.run("fmt", "-", input: Self.untidy).output
  }

  @Test func standardInputIsFormattedToStandardOutput() throws {
    #expect(tidy.hasPrefix("language 1\nnetwork a {\n    bridge br0\n    subnet 10.0.0.0/24\n"))
    let again = try Tool.run("fmt", "-", input: tidy)
    #expect(again.status == 0)
    #expect(again.output == tidy)
  }

  @Test func filesAreRewrittenInPlace() throws {
    try scratch.write("a.ward", Self.untidy)
    let run = try Tool.run("fmt", "a.ward", in: scratch.path)
    #expect(run.status == 0)
    #expect(run.output.isEmpty && run.errors.isEmpty)
    #expect(try scratch.read("a.ward") == tidy)
    #expect(try scratch.names() == ["a.ward"])
  }

  @Test func aTidyFileIsNotTouched() throws {
    let path = try scratch.write("a.ward", tidy)
    let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    try Tool.run("fmt", "a.ward", in: scratch.path)
    let after = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    #expect(before == after)
  }

  @Test func checkNamesWhatWouldChange() throws {
    try scratch.write("a.ward", tidy)
    try scratch.write("b.ward", Self.untidy)
    let run = try Tool.run("fmt", "--check", ".", in: scratch.path)
    #expect(run.status == 1)
    #expect(run.output == "./b.ward\n")
    #expect(try scratch.read("b.ward") == Self.untidy)
    #expect(try Tool.run("fmt", "--check", "a.ward", in: scratch.path).status == 0)
  }

  @Test func aFileWithMistakesIsLeftAlone() throws {
    let broken = "network   a { bridge }\npublsh\n"
    try scratch.write("a.ward", broken)
    try scratch.write("b.ward", Self.untidy)
    let run = try Tool.run("fmt", "a.ward", "b.ward", in: scratch.path)
    #expect(run.status == 2)
    #expect(run.errors.contains("error[syntax-error]"))
    #expect(try scratch.read("a.ward") == broken)
    #expect(try scratch.read("b.ward") == tidy)
  }

  @Test func aDirectoryWithoutPoliciesIsAMistake() throws {
    let run = try Tool.run("fmt", ".", in: scratch.path)
    #expect(run.status == 2)
    #expect(run.errors.contains("holds no policy"))
  }
}
