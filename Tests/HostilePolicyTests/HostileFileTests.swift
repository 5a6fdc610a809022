import Driver
import Foundation
import Glibc
import Host
import ScratchFiles
import Testing

/// Files may be called anything but `.`, `..` and what has a slash in it.
struct HostileFileTests {
  private static let texts =
    HostileText.singleBytes
    + HostileText.sequences.filter { $0.bytes.count > 1 && $0.bytes.count < 200 }
  private static let names = texts.filter { text in
    !text.bytes.contains(0) && !text.bytes.contains(UInt8(ascii: "/"))
  }

  /// All of them in one directory, included by a pattern: the rules are those of plain names.
  @Test func includedFilesMayBeCalledAnything() throws {
    let names = Self.names.filter { String(validating: $0.bytes, as: UTF8.self) != nil }
    #expect(names.count > 150)
    let hostile = try outputs { try Self.write(lines(names.count), names.map(\.bytes), in: $0) }
    let plain = try outputs { scratch in
      let numbers = (0..<names.count).map { Array(String(1000 + $0).utf8) }
      try Self.write(lines(names.count), numbers, in: scratch)
    }
    for loader in Loader.allCases {
      let shown = try loader.shown([plain, hostile])
      try #require(shown.count == 2)
      let objects = shown.map { Set(loader.objects(in: $0, replacing: [:])) }
      #expect(objects[0].count > 20)
      #expect(objects[0] == objects[1], "\(objects[0].symmetricDifference(objects[1]))")
    }
  }

  /// One after the other, as the file that is compiled and as the file that it includes.
  @Test(arguments: names)
  func aFileMayBeCalledAnything(_ name: HostileText) throws {
    let scratch = try Scratch()
    try Self.write(lines(1), [name.bytes], in: scratch)
    let isText = String(validating: name.bytes, as: UTF8.self) != nil
    let path = "\(scratch.path)/parts/m\(String(decoding: name.bytes, as: UTF8.self)).ward"
    do throws(HostError) {
      let result = try Compiler().compile([.path(path)])
      #expect((result.ruleset != nil) == isText, "\(name)")
    } catch {
      #expect(!isText, "\(name): \(error)")
    }
    let result = try Compiler().compile([.path("\(scratch.path)/main.ward")])
    #expect((result.ruleset != nil) == isText, "\(name)")
  }

  /// So many lines that ask for different things.
  private func lines(_ count: Int) -> [String] {
    (0..<count).map { "allow 10.0.\($0 / 250).\($0 % 250 + 1) -> host tcp 22\n" }
  }

  private func outputs(_ fill: (Scratch) throws -> Void) throws -> [Backend: [UInt8]] {
    let scratch = try Scratch()
    try fill(scratch)
    let result = try Compiler().compile([.path("\(scratch.path)/main.ward")])
    try #require(result.ruleset != nil)
    var outputs: [Backend: [UInt8]] = [:]
    for backend in Backend.allCases { outputs[backend] = backend.output(of: result)?.bytes }
    return outputs
  }

  /// A policy that includes a file of each name with a line of its own.
  private static func write(_ lines: [String], _ names: [[UInt8]], in scratch: Scratch) throws {
    try scratch.write(
      "main.ward", "language 1\ninclude \"parts/*.ward\"\ndefault deny world -> host\n")
    try scratch.write("parts/.keep")
    for (name, line) in zip(names, lines) {
      let path = Array("\(scratch.path)/parts/m".utf8) + name + Array(".ward".utf8)
      // Foundation knows no paths that are not UTF-8.
      let file = unsafe fopen(path.map { CChar(bitPattern: $0) } + [0], "w")
      guard let file = unsafe file else { throw Unwritable(path: path) }
      unsafe fputs(line, file)
      unsafe fclose(file)
    }
  }

  private struct Unwritable: Error { let path: [UInt8] }
}
