import Foundation
import ScratchFiles
import Testing

/// The Debian package, built around a program that Debian knows the libraries of.
struct DebianPackageTests {
  private let directory: Scratch
  private let package: String

  init() throws {
    directory = try Scratch()
    try ManualTests.generate(in: "\(directory.path)/man")
    package = try Self.build(in: directory)
  }

  private static func build(in directory: Scratch) throws -> String {
    let run = try Script(
      #""$0/Packaging/deb.sh" /usr/sbin/nft "$1/man" "$1" 2>"$1/log" || { cat "$1/log" >&2; exit 1; }"#,
      [Script.root, directory.path],
      environment: ["GENERATOR": Script.program, "SOURCE_DATE_EPOCH": "1700000000"])
    try #require(run.status == 0, "\(run.errors)")
    return run.output.trimmingCharacters(in: .newlines)
  }

  private func field(_ name: String) throws -> String {
    try Script(#"dpkg-deb --field "$0" "$1""#, [package, name]).output
      .trimmingCharacters(in: .newlines)
  }

  @Test func librariesAreFound() throws {
    let depends = try field("Depends")
    #expect(depends.contains("libnftables1 (>= ") && depends.contains("libc6 (>= "))
    #expect(try field("Package") == "bridgeward")
    #expect(try Int(field("Installed-Size")) ?? 0 > 10)
    #expect(try !field("Version").isEmpty && field("Architecture") != "any")
  }

  @Test func everythingIsInIt() throws {
    let listing = try Script(#"dpkg-deb --contents "$0""#, [package]).output
    for line in [
      "-rwxr-xr-x root/root .* ./usr/bin/bridgeward",
      "-rw-r--r-- root/root .* ./usr/lib/systemd/system/bridgeward-boot.service",
      "-rw-r--r-- root/root .* ./usr/lib/systemd/system/bridgeward.service",
      "-rw-r--r-- root/root .* ./usr/lib/systemd/system/nftables.service.d/bridgeward.conf",
      "-rw-r--r-- root/root .* ./usr/lib/tmpfiles.d/bridgeward.conf",
      "-rw-r--r-- root/root .* ./usr/share/man/man1/bridgeward.1.gz",
      "-rw-r--r-- root/root .* ./usr/share/man/man1/bridgeward-apply.1.gz",
      "-rw-r--r-- root/root .* ./usr/share/bash-completion/completions/bridgeward",
      "-rw-r--r-- root/root .* ./usr/share/zsh/site-functions/_bridgeward",
      "-rw-r--r-- root/root .* ./usr/share/fish/vendor_completions.d/bridgeward.fish",
      "-rw-r--r-- root/root .* ./usr/share/doc/bridgeward/copyright",
      "-rw-r--r-- root/root .* ./usr/share/doc/bridgeward/README.md",
      "-rw-r--r-- root/root .* ./usr/share/doc/bridgeward/Docs/Boot.md",
      "-rw-r--r-- root/root .* ./usr/share/doc/bridgeward/Examples/quickstart.ward",
      "drwxr-xr-x root/root .* ./etc/bridgeward/",
    ] {
      let pattern = try Regex("(?m)^\(line)$")
      #expect(listing.contains(pattern), "\(line)")
    }
  }

  @Test func theSameInputsGiveTheSamePackage() throws {
    let other = try Scratch()
    try ManualTests.generate(in: "\(other.path)/man")
    let again = try Self.build(in: other)
    let same = try Script(#"cmp "$0" "$1""#, [package, again])
    #expect(same.status == 0, "\(same.output)")
  }

  @Test(arguments: ["postinst", "prerm", "postrm"])
  func maintainerScriptsAreShell(name: String) throws {
    let path = "\(Script.root)/Packaging/debian/\(name)"
    #expect(try Script(#"sh -n "$0""#, [path]).status == 0)
    // What dpkg calls them with and they do not care about changes nothing and fails nothing.
    let call = name == "prerm" ? "upgrade" : "disappear"
    #expect(try Script(#"sh "$0" "$1" 1.0"#, [path, call]).status == 0)
  }

  @Test func installPutsUnitsWhereTheirProgramIs() throws {
    let run = try Script(
      #""$0/Packaging/stage.sh" /usr/sbin/nft "$1/man" "$1/root" /usr/local"#,
      [Script.root, directory.path], environment: ["GENERATOR": Script.program])
    #expect(run.status == 0, "\(run.errors)")
    let unit = try directory.read("root/usr/local/lib/systemd/system/bridgeward.service")
    #expect(unit.contains("\nExecStart=/usr/local/bin/bridgeward apply --boot /etc/bridgeward\n"))
    #expect(!unit.contains("/usr/bin/"))
    let completions = try directory.read(
      "root/usr/local/share/bash-completion/completions/bridgeward")
    #expect(completions.contains("bridgeward") && !completions.hasPrefix("#!"))
  }
}
