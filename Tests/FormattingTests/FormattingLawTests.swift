import Diagnostics
import Formatting
import Foundation
import PolicyTestSupport
import Syntax
import Testing

/// What holds of every policy.
struct FormattingLawTests {
  static let samples = SamplePolicy.all + policiesOfTheRepository()

  @Test func thereAreSamples() { #expect(Self.samples.count > 20) }

  @Test(arguments: samples)
  func samplesObeyTheLaws(_ text: String) {
    expectLaws(text)
    expectUnchangedWhenRepeated(text)
  }

  @Test(arguments: 0..<500)
  func generatedPoliciesObeyTheLaws(_ seed: UInt64) {
    var generator = PolicyGenerator(seed: seed)
    let text = generator.policy()
    expectLaws(text)
    expectUnchangedWhenRepeated(text)
  }

  /// Two layouts of the same tokens without comments and blank lines have one canonical form.
  @Test(arguments: 0..<200)
  func theLayoutIsForgotten(_ seed: UInt64) {
    var generator = PolicyGenerator(seed: seed)
    let tokens = generator.tokens()
    let one = formatted(tokens.joined(separator: " "))
    guard one.split(separator: "\n").allSatisfy({ $0.utf8.count <= 100 }) else { return }
    #expect(formatted(tokens.joined(separator: "\n")) == one)
  }

  @Test(arguments: Mutation.allCases)
  func damagedPoliciesKeepTheirTokens(_ mutation: Mutation) {
    for seed in UInt64(0)..<300 {
      var generator = PolicyGenerator(seed: seed)
      var bytes = Array(generator.policy().utf8)
      for _ in 0..<3 { bytes = mutation.apply(to: bytes, random: &generator.random) }
      guard let text = String(validating: bytes, as: UTF8.self), !hasLoneReturn(bytes) else {
        continue
      }
      expectLaws(text)
    }
  }

  /// Whether a carriage return stands alone: before a line end of ours it would become part of it.
  private func hasLoneReturn(_ bytes: [UInt8]) -> Bool {
    zip(bytes, bytes.dropFirst() + [0]).contains {
      $0 == UInt8(ascii: "\r") && $1 != UInt8(ascii: "\n")
    }
  }

  /// The tokens, the comments and the text of malformed statements stay; lines look as they should.
  private func expectLaws(_ text: String) {
    let before = parsed(text)
    let result = format(before.tree)
    #expect(skeleton(source(result)) == skeleton(source(text)), "\(text)")
    #expect(comments(result) == comments(text), "\(text)")
    guard before.findings.allSatisfy({ $0.id == .settingDuplicate }) else { return }
    #expect(parsed(result).findings.count == before.findings.count)
    #expect(!result.contains("\r") && !result.contains("\n\n\n"))
    #expect(result.hasSuffix("\n") && !result.hasPrefix("\n"))
    for line in result.split(separator: "\n") {
      #expect(line.last != " " && line.last != "\t")
      #expect(line.prefix { $0 == " " }.count % 4 == 0)
    }
  }

  private func expectUnchangedWhenRepeated(_ text: String) {
    let once = formatted(text)
    #expect(formatted(once) == once, "\(text)")
  }

  private func formatted(_ text: String) -> String { format(parsed(text).tree) }

  private func comments(_ text: String) -> [String] {
    let file = source(text)
    return tokenize(file).filter { $0.kind == .comment }.map { token in
      let span = SourceSpan(file: 0, start: token.start, end: token.end)
      return file.text(span).trimmingCharacters(in: .whitespaces)
    }
  }

  /// The texts of the policies in this repository.
  private static func policiesOfTheRepository() -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return ["golden", "Examples"].flatMap { folder -> [String] in
      let files = FileManager.default.enumerator(
        at: root.appending(path: folder), includingPropertiesForKeys: nil)
      let paths = files?.compactMap { ($0 as? URL)?.path } ?? []
      return paths.filter { $0.hasSuffix(".ward") }.sorted()
        .compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
    }
  }
}
