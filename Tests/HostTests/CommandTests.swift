import Host
import Testing

@Suite("Programs of the system")
struct CommandTests {
  @Test("give back what they read, however much")
  func pipes() throws {
    let input = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let result = try Command("cat").run(input: input)
    #expect(result.status == 0)
    #expect(result.output == input)
    #expect(result.errors.isEmpty)
  }

  @Test("tell how they ended and what they complained of")
  func status() throws {
    let result = try Command("sh", ["-c", "echo one >&2; echo two >&2; exit 7"]).run()
    #expect(result.status == 7)
    #expect(result.complaint == "one; two")
    let killed = try Command("/bin/sh", ["-c", "kill -9 $$"]).run()
    #expect(killed.status == 137)
    #expect(killed.complaint == "signal 9 ended it")
  }

  @Test("need not read what they are given")
  func deafProgram() throws {
    let result = try Command("true").run(input: Array(repeating: 65, count: 1_000_000))
    #expect(result.status == 0)
  }

  @Test("that do not exist are named", arguments: ["no-such-program-here", "/no/such/program"])
  func missing(_ program: String) throws {
    let error = #expect(throws: HostError.self) { try Command(program).run() }
    #expect(error?.code == .notFound)
    #expect(error.map { "\($0)" }?.contains(program) == true)
  }
}
