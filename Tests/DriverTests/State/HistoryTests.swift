import Driver
import Foundation
import Host
import ScratchFiles
import Testing

struct HistoryTests {
  private let directory: Scratch
  private var path: String { "\(directory.path)/state" }
  private var history: History { History(directory: path) }

  init() throws { directory = try Scratch() }

  @discardableResult
  private func store(_ name: String, accepting isAccepted: Bool = true) throws -> Int {
    let slot = try history.prepare(size: 1 << 12)
    let number = try slot.store(SavedStates.state(name))
    if isAccepted { try history.accept(number) }
    return number
  }

  @Test func nothingIsThereAtFirst() throws {
    #expect(try history.items().isEmpty)
    #expect(try history.accepted() == nil)
    #expect(history.acceptedNumber == nil)
    #expect(try history.wasAbandoned(SHA256Digest(of: [])) == false)
    #expect(try directory.names() == [], "looking makes nothing")
  }

  @Test func whatIsAcceptedIsWhatBootLoads() throws {
    #expect(try store("one") == 1)
    #expect(try store("two") == 2)
    #expect(try store("three", accepting: false) == 3)
    #expect(try history.accepted() == SavedStates.state("two"))
    #expect(try history.entry(3) == SavedStates.state("three"))
    let items = try history.items()
    #expect(items.map(\.number) == [1, 2, 3])
    #expect(items.map(\.isAccepted) == [false, true, false])
    #expect(items.map(\.isConfirmed) == [true, true, false])
    #expect(items.map(\.header?.digest).last == SHA256Digest(of: Array("three".utf8)))
    #expect(
      try Directory("\(path)/history").names()
        == ["000001.nft", "000002.nft", "000003.unconfirmed.nft"])
    try history.accept(3)
    #expect(try history.accepted() == SavedStates.state("three"))
    try history.accept(1)
    #expect(try history.accepted() == SavedStates.state("one"))
    try history.acceptNothing()
    #expect(try history.accepted() == nil)
    #expect(try store("four") == 4)
  }

  @Test func whatWasAbandonedIsKnown() throws {
    func isAbandoned(_ name: String) throws -> Bool {
      try history.wasAbandoned(SHA256Digest(of: Array(name.utf8)))
    }
    try store("one")
    try store("two", accepting: false)
    #expect(try isAbandoned("two") && !isAbandoned("one") && !isAbandoned("three"))
    try history.accept(2)
    #expect(try !isAbandoned("two"))
    try history.accept(1)
    #expect(try isAbandoned("two"), "somebody went back from it")
    try store("two")
    #expect(try !isAbandoned("two"))
  }

  @Test func filesAreTheirOwnersAlone() throws {
    try store("one")
    for (file, mode) in [("", 0o700), ("/history", 0o700), ("/history/000001.nft", 0o600)] {
      let found = try FileManager.default.attributesOfItem(atPath: path + file)[.posixPermissions]
      #expect(found as? Int == mode)
    }
  }

  @Test func theOldestGoAndTheAcceptedStays() throws {
    for index in 1...History.limit + 5 { try store("\(index)", accepting: index == 2) }
    try history.prune()
    let numbers = try history.items().map(\.number)
    #expect(numbers == [2] + Array(6...History.limit + 5))
    #expect(try history.accepted() == SavedStates.state("2"))
  }

  @Test func aMissingEntryIsAnError() throws {
    try store("one")
    for number in [0, -1, 2, Int.max] {
      let error = #expect(throws: HostError.self) { try history.entry(number) }
      #expect(error?.code == .notFound)
    }
    #expect(throws: HostError.self) { try history.accept(7) }
    #expect(history.acceptedNumber == 1)
  }

  @Test func damageIsToldAndTheLastSoundStateFound() throws {
    try store("one")
    try store("two")
    try store("tried", accepting: false)
    try store("three")
    try Data(repeating: 0, count: 5000).write(
      to: URL(fileURLWithPath: "\(path)/history/000004.nft"))
    let error = #expect(throws: HostError.self) { try history.accepted() }
    #expect(error?.code == .damaged)
    #expect(error?.description.contains("\(path)/accepted.nft") == true)
    #expect(error?.description.contains("bridgeward rollback NUMBER") == true)
    #expect(throws: HostError.self) { try history.entry(4) }
    #expect(try history.items().map { $0.header == nil } == [false, false, false, true])
    let sound = try #require(try history.lastSoundBeforeAccepted())
    #expect(sound.number == 2 && sound.entry == SavedStates.state("two"))
  }

  @Test func foreignFilesAreLeftAlone() throws {
    try store("one")
    for name in ["7.nft", "000000.nft", "notes", "000009.nft.bak", "00000a.nft", "-00001.nft"] {
      try directory.write("state/history/\(name)")
    }
    #expect(try history.items().map(\.number) == [1])
    #expect(try store("two") == 2)
  }

  @Test func whatWritersLeftThatWereKilledIsRemoved() throws {
    try store("one")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    try directory.write("state/history/.bridgeward-\(process.processIdentifier)-0.tmp", "half")
    try store("two")
    #expect(try Directory("\(path)/history").names() == ["000001.nft", "000002.nft"])
  }

  @Test func whatIsNotStoredLeavesNothing() throws {
    try store("one")
    let slot = try history.prepare(size: 1 << 12)
    #expect(slot.number == 2)
    _ = consume slot
    #expect(try Directory("\(path)/history").names() == ["000001.nft"])
  }

  @Test(.enabled(if: getuid() == 0, "only root may mount"))
  func aFullDiskIsKnownBeforehand() throws {
    try SmallDisk.with(size: 1 << 20) { disk in
      let history = History(directory: "\(disk.path)/state")
      let first = try history.prepare(size: 1 << 16)
      try history.accept(try first.store(SavedStates.state("one")))
      let error = #expect(throws: HostError.self) { _ = try history.prepare(size: 1 << 21) }
      #expect(error?.code == .noSpace)
      let second = try history.prepare(size: 1 << 16)
      try disk.fill(leaving: 0)
      let number = try second.store(SavedStates.state("two", snapshot: 30_000))
      try history.accept(number)
      #expect(try history.accepted() == SavedStates.state("two", snapshot: 30_000))
    }
  }

  @Test(.enabled(if: getuid() == 0, "only root may mount"))
  func aReadOnlyDiskIsReadAndKnownBeforehand() throws {
    try SmallDisk.with(size: 1 << 20) { disk in
      let history = History(directory: "\(disk.path)/state")
      let slot = try history.prepare(size: 1 << 16)
      try history.accept(try slot.store(SavedStates.state("one")))
      try disk.makeReadOnly()
      #expect(try history.accepted() == SavedStates.state("one"))
      #expect(try history.items().map(\.number) == [1])
      let error = #expect(throws: HostError.self) { _ = try history.prepare(size: 1) }
      #expect(error?.code == .readOnly)
    }
  }
}
