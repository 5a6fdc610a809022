import ScratchFiles
import Testing

/// The program under a limit that leaves too little memory (`ulimit -d`).
struct MemoryLimitTests {
  /// What takes most memory is another part of the work for each of them.
  static let policies = [
    "publish lines": header
      + (1...20_000).map { "  publish tcp \($0) -> c\($0 % 100):80 from any\n" }.joined() + "}\n",
    "allow lines": header
      + (0..<8_000).map { "  allow c\($0 % 100) -> c\(($0 % 100 + $0 / 100 + 1) % 100)\n" }
      .joined() + "}\n",
    "networks": (0..<2_000).map {
      "network n\($0) {\n  bridge b\($0)\n  subnet 10.\($0 / 250).\($0 % 250).0/24\n  masquerade\n}\n"
    }.joined(),
  ]

  private static let header =
    "network n {\n  bridge b\n  subnet 10.0.0.0/16\n  masquerade\n  icc off\n"
    + (0...100).map { "  container c\($0) 10.0.1.\($0 + 1)\n" }.joined()

  /// Either there is enough, and the program does what it does without a limit, or it says what to do;
  /// no signal ever ends it.
  @Test(arguments: policies.keys.sorted(), ["check", "compile --target nft"])
  func isTold(_ policy: String, _ command: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write("a.ward", Self.policies[policy] ?? "")
    let whole = try Tool.shell("exec \"$0\" \(command) \"$1\"", path)
    #expect(whole.status < 3, "\(whole.errors.suffix(400))")
    var refused = 0
    for limit in stride(from: 8, through: 44, by: 4) {
      let run = try Tool.shell(
        "export SWIFT_BACKTRACE=enable=no; ulimit -d \(limit << 10); exec \"$0\" \(command) \"$1\"",
        path)
      if run.status == whole.status {
        #expect(run.output == whole.output && run.errors == whole.errors, "\(limit) MiB")
      } else {
        refused += 1
        #expect(run.status == 3, "\(limit) MiB: \(run.errors.suffix(400))")
        #expect(run.errors.contains("raise the limit on memory"), "\(run.errors.suffix(400))")
      }
    }
    #expect(refused > 0 && refused < 10, "\(refused)")
  }

  /// A crash for another reason stays one. (Tests may run with SIGABRT blocked, which programs inherit.)
  @Test func crashIsNone() throws {
    let run = try Tool.shell(
      """
      ulimit -c 0; export SWIFT_BACKTRACE=enable=no
      "$0" check - < <(sleep 5) & sleep 1; kill -SEGV $!; wait $!
      """)
    #expect(run.status == 128 + 11, "\(run.errors)")
    #expect(!run.errors.contains("memory"), "\(run.errors)")
  }
}
