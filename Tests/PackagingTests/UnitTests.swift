import Foundation
import ScratchFiles
import Testing

/// What systemd itself says of the units.
struct UnitTests {
  /// The units as they are installed, but for the program's place.
  private func installed() throws -> Scratch {
    let directory = try Scratch()
    for name in UnitFile.names {
      let text = try UnitFile(name).text
      try directory.write(
        name, text.replacingOccurrences(of: "/usr/bin/bridgeward", with: Script.program))
    }
    return directory
  }

  @Test(arguments: UnitFile.names)
  func systemdFindsNoFault(name: String) throws {
    let directory = try installed()
    let run = try Script(
      #"systemd-analyze verify --man=no --recursive-errors=no "$0""#, ["\(directory.path)/\(name)"])
    #expect(run.status == 0)
    #expect(run.output + run.errors == "")
  }

  /// 2.0 is where systemd's "OK" is good enough for us; the test must notice when it is not.
  @Test(arguments: UnitFile.names)
  func exposureIsSmall(name: String) throws {
    let directory = try installed()
    let path = "\(directory.path)/\(name)"
    let script = #"systemd-analyze security --offline=yes --threshold=$1 --no-pager "$0""#
    let run = try Script(script, [path, "20"])
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("Overall exposure level for \(name): 1."))
    let strict = try Script(script, [path, "5"])
    #expect(strict.status != 0)
  }

  @Test func bothUnitsAreHardenedAlike() throws {
    let (boot, main) = (try UnitFile(UnitFile.names[0]), try UnitFile(UnitFile.names[1]))
    let shared = boot.hardening.prefix { _ in true }.components(separatedBy: "[Install]")[0]
    #expect(shared.count > 500)
    #expect(main.hardening.hasPrefix(shared))
    for unit in [boot, main] {
      #expect(unit.values(of: "CapabilityBoundingSet") == ["CAP_NET_ADMIN"])
      #expect(unit.values(of: "RuntimeDirectoryPreserve") == ["yes"], "the lock outlives a run")
      #expect(unit.values(of: "StateDirectory") == [], "it fails on a read-only disk")
    }
  }

  @Test func theyComeWhenTheyMust() throws {
    let boot = try UnitFile(UnitFile.names[0])
    #expect(boot.values(of: "Before") == ["network-pre.target shutdown.target"])
    #expect(boot.values(of: "DefaultDependencies") == ["no"])
    #expect(boot.values(of: "After")[0].contains("nftables.service"), "that one flushes")
    let main = try UnitFile(UnitFile.names[1])
    #expect(main.values(of: "PartOf") == ["nftables.service"])
    #expect(main.values(of: "ReloadPropagatedFrom") == ["nftables.service"])
    #expect(main.values(of: "WantedBy") == ["multi-user.target nftables.service"])
    #expect(main.values(of: "ExecReload") == main.values(of: "ExecStart"))
    #expect(main.values(of: "After")[0].contains("nftables.service bridgeward-boot.service"))
  }

  /// Whatever the units may write to exists when they start.
  @Test func writablePlacesAreMadeBefore() throws {
    let made = try String(
      contentsOfFile: "\(Script.root)/Packaging/systemd/bridgeward.tmpfiles", encoding: .utf8)
    for name in UnitFile.names {
      let paths = try UnitFile(name).values(of: "ReadWritePaths").joined(separator: " ")
      for path in paths.split(separator: " ") where path != "/proc/sys/net" {
        #expect(path.hasPrefix("-"), "a missing one must not keep the unit from starting")
        #expect(made.contains("\nd \(path.dropFirst()) "))
      }
    }
    let directory = try Scratch()
    let run = try Script(
      #"systemd-tmpfiles --create --root="$0" "$1""#,
      [directory.path, "\(Script.root)/Packaging/systemd/bridgeward.tmpfiles"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(FileManager.default.fileExists(atPath: "\(directory.path)/var/lib/bridgeward"))
  }
}
