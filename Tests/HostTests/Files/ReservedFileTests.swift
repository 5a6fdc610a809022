import Foundation
import Host
import ScratchFiles
import Testing

struct ReservedFileTests {
  private let directory: Scratch

  init() throws { directory = try Scratch() }

  @Test(arguments: [0, 1, 5000])
  func contentIsWhatWasPublished(size: Int) throws {
    let file = try ReservedFile(in: directory.path, size: 4096)
    try file.publish(Array(repeating: 0x61, count: size), as: "\(directory.path)/a")
    #expect(try directory.read("a") == String(repeating: "a", count: size))
    #expect(try directory.names() == ["a"])
    let mode = try FileManager.default.attributesOfItem(
      atPath: "\(directory.path)/a")[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func whatIsNotPublishedIsGone() throws {
    let file = try ReservedFile(in: directory.path, size: 4096)
    #expect(try directory.names().count == 1)
    _ = consume file
    #expect(try directory.names() == [])
  }

  @Test(.enabled(if: getuid() == 0, "only root may mount"))
  func aReservationHoldsOnADiskThatFillsUp() throws {
    try SmallDisk.with(size: 1 << 20) { disk in
      let file = try ReservedFile(in: disk.path, size: 1 << 18)
      try disk.fill(leaving: 0)
      let other = #expect(throws: HostError.self) { _ = try ReservedFile(in: disk.path, size: 1) }
      #expect(other?.code == .noSpace)
      try file.publish(Array(repeating: 7, count: 1 << 18), as: "\(disk.path)/a")
      #expect(try FileStore().read("\(disk.path)/a").bytes.count == 1 << 18)
      #expect(try Directory(disk.path).names() == ["a", "filling"])
    }
  }

  @Test(.enabled(if: getuid() == 0, "only root may mount"))
  func tooSmallAReservationLeavesTheOldFile() throws {
    try SmallDisk.with(size: 1 << 20) { disk in
      try OutputFile("\(disk.path)/a").write(Array("old".utf8))
      let error = #expect(throws: HostError.self) {
        let file = try ReservedFile(in: disk.path, size: 1)
        try disk.fill(leaving: 0)
        try file.publish(Array(repeating: 7, count: 1 << 19), as: "\(disk.path)/a")
      }
      #expect(error?.code == .noSpace)
      #expect(try FileStore().read("\(disk.path)/a").bytes == Array("old".utf8))
      #expect(try Directory(disk.path).names() == ["a", "filling"])
    }
  }
}
