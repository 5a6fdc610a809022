import Driver
import Foundation
import Host
import ScratchFiles
import Testing

struct PendingChangeTests {
  private let directory: Scratch
  private let boot = BootIdentity(text: "6c1f6b1e-0000-4000-8000-000000000001")
  private var store: PendingStore { PendingStore(directory: "\(directory.path)/run") }

  init() throws { directory = try Scratch() }

  private func change(deadline: UInt64 = 5_000) throws -> PendingChange {
    PendingChange(
      number: 7, deadline: BootTime(nanoseconds: deadline), boot: boot,
      sysctls: SavedStates.header.sysctls,
      ledger: [SysctlRecord(name: "net/ipv4/ip_forward", value: "1", before: "0")])
  }

  @Test func aChangeWaitsUntilItEnds() throws {
    #expect(try store.read() == nil)
    var change = try change()
    try store.begin(change, before: SavedStates.state("before"))
    #expect(try store.read() == change)
    #expect(try store.before() == SavedStates.state("before"))
    change.keeper = try ProcessIdentity.current()
    try store.update(change)
    #expect(try store.read() == change)
    #expect(try store.read()?.keeper?.isAlive == true)
    for _ in 0..<2 {
      try store.end()
      #expect(try store.read() == nil)
      #expect(try Directory("\(directory.path)/run").names() == [])
    }
  }

  @Test func theDeadlineIsOfTheBootClock() throws {
    let change = try change()
    let other = BootIdentity(text: "another")
    #expect(change.status(at: BootTime(nanoseconds: 4_999), in: boot) == .waiting)
    #expect(change.status(at: BootTime(nanoseconds: 5_000), in: boot) == .overdue)
    #expect(change.status(at: BootTime(nanoseconds: 1), in: other) == .void)
    // What the calendar says does not come into it: nothing here knows the wall clock.
    let later = PendingChange(
      number: 1, deadline: BootTime.now.advanced(by: 60_000_000_000),
      boot: try BootIdentity.current(), sysctls: [], ledger: [])
    #expect(later.status(in: try BootIdentity.current()) == .waiting)
  }

  @Test func everyChangedOrMissingByteIsFound() throws {
    try store.begin(try change(), before: SavedStates.state())
    let file = URL(fileURLWithPath: "\(directory.path)/run/pending")
    let bytes = [UInt8](try Data(contentsOf: file))
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x10
      for content in [damaged, Array(bytes[..<index])] {
        try Data(content).write(to: file)
        let error = #expect(throws: HostError.self) { try store.read() }
        #expect(error?.code == .damaged)
        #expect(error?.description.contains(file.path) == true)
      }
    }
  }

  @Test(.enabled(if: getuid() == 0, "only root may mount"))
  func aFullDiskStartsNoChange() throws {
    let change = try change()
    try SmallDisk.with(size: 1 << 20) { disk in
      let store = PendingStore(directory: "\(disk.path)/run")
      try disk.fill(leaving: 1 << 14)
      let error = #expect(throws: HostError.self) {
        try store.begin(change, before: SavedStates.state(snapshot: 1 << 15))
      }
      #expect(error?.code == .noSpace)
      #expect(try store.read() == nil)
      #expect(try Directory("\(disk.path)/run").names() == [])
    }
  }
}
