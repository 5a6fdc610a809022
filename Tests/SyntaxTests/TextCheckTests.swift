import Diagnostics
import PolicyTestSupport
import Syntax
import Testing

struct TextCheckTests {
  @Test func plainTextIsClean() {
    #expect(findings(Array(SamplePolicy.tour.utf8)) == [])
    #expect(findings(Array("# é ü 漢字 \u{1F600}\nuplink e\n".utf8)) == [])
    #expect(findings([0xEF, 0xBB, 0xBF] + Array("uplink e\n".utf8)) == [])
  }

  @Test func invalidBytesAreNamed() {
    let found = findings(Array("uplink e # ".utf8) + [0xFF] + Array("\n".utf8))
    #expect(found.map(\.id) == [.textEncoding])
    #expect(found.first?.message == "byte 11 is not valid UTF-8")
    #expect(found.first?.span == SourceSpan(file: 0, start: 11, end: 12))
  }

  @Test func nullBytesAreNamed() {
    let found = findings(Array("uplink e # \0\0\n".utf8))
    #expect(found.map(\.id) == [.textEncoding])
    #expect(found.first?.message == "bytes 11 to 12 are NUL, which text never holds")
  }

  @Test(
    arguments: [0x061C, 0x200E, 0x200F] + Array(0x202A...0x202E) + Array(0x2066...0x2069))
  func bidirectionalControlsAreErrors(_ value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    let text = "uplink e # \(scalar)x\n"
    let found = findings(Array(text.utf8))
    #expect(found.map(\.id) == [.textBidi])
    let length = UInt32(String(scalar).utf8.count)
    #expect(found.first?.span == SourceSpan(file: 0, start: 11, end: 11 + length))
    let name = String(value, radix: 16, uppercase: true)
    #expect(found.first?.message.contains(name) == true)
  }

  @Test(arguments: [0x061B, 0x200D, 0x2010, 0x2029, 0x202F, 0x2065, 0x206A])
  func theirNeighborsAreNot(_ value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    #expect(findings(Array("# \(scalar)\n".utf8)) == [])
  }

  @Test func lineEndsOfWindowsAreNotedOnceAndMended() {
    let text = "uplink a\r\nuplink b\r\n"
    let found = findings(Array(text.utf8))
    #expect(found.map(\.id) == [.textCrlf])
    #expect(found.first?.severity == .note)
    #expect(found.first?.fixIts.first?.edits.map(\.span.start) == [8, 18])
    #expect(parsed(text).findings == [])
  }

  @Test func tabsAreNotedOnce() {
    let found = findings(Array("on a {\n \tuplink b\n\tuplink c\n}\n".utf8))
    #expect(found.map(\.id) == [.textTabs])
    #expect(found.first?.span == SourceSpan(file: 0, start: 8, end: 9))
    #expect(findings(Array("uplink\tb\n".utf8)) == [])
  }

  private func findings(_ bytes: [UInt8]) -> [Diagnostic] {
    var log = DiagnosticLog()
    checkText(source(bytes), log: &log)
    return log.sorted
  }
}
