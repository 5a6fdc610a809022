import Testing

/// What the program does with its streams and its exit code.
struct StreamTests {
  @Test func helpAndVersionAreResults() throws {
    let help = try Tool.run("--help")
    #expect(help.status == 0)
    #expect(help.output.contains("USAGE: bridgeward"))
    #expect(help.errors.isEmpty)
    let version = try Tool.run("--version")
    #expect(version.status == 0)
    #expect(version.output.split(separator: ".").count == 3)
  }

  @Test func wrongUsageIsTwo() throws {
    let run = try Tool.run("no-such-command")
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("no-such-command"))
  }

  @Test func aClosedPipeIsQuiet() throws {
    let run = try Tool.shell(#""$0" explain | true; exit "${PIPESTATUS[0]}""#)
    #expect(run.status == 0 || run.status == 141)
    #expect(run.errors.isEmpty)
  }

  @Test func aClosedPipeIsQuietWhereTheSignalIsIgnored() throws {
    let run = try Tool.shell(#"trap '' PIPE; { sleep 0.2; "$0" explain; echo $? >&2; } | true"#)
    #expect(run.errors == "141\n")
  }

  @Test func aFullOutputIsAnEnvironmentError() throws {
    let run = try Tool.shell(#""$0" explain >/dev/full"#)
    #expect(run.status == 3)
    #expect(run.errors.contains("cannot write to standard output: No space left on device"))
  }

  @Test func aClosedOutputIsAnEnvironmentError() throws {
    let run = try Tool.shell(#""$0" explain >&-"#)
    #expect(run.status == 3)
    #expect(run.errors.contains("cannot write to standard output"))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsAreGenerated(shell: String) throws {
    let run = try Tool.run("--generate-completion-script", shell)
    #expect(run.status == 0)
    #expect(run.output.contains("explain"))
  }
}
