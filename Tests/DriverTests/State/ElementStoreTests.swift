import Driver
import Foundation
import Host
import ScratchFiles
import Testing

struct ElementStoreTests {
  private let directory: Scratch
  private var store: ElementStore { ElementStore(directory: "\(directory.path)/elements") }

  init() throws { directory = try Scratch() }

  @Test func whatWasKeptIsFound() throws {
    let messages: [UInt8] = [1, 2, 3]
    let id = try store.store(messages: messages, script: Array("add\n".utf8))
    #expect(try store.messages(id) == messages)
    let path = try #require(store.scriptPath(id))
    #expect(path.hasPrefix("/"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "add\n")
    #expect(try store.store(messages: messages, script: []) == id)
    #expect(try store.store(messages: [1, 2, 4], script: []) != id)
  }

  @Test func damageIsTold() throws {
    let id = try store.store(messages: [1, 2, 3], script: [])
    try directory.write("elements/\(id).set", "xyz")
    for name in [id, "0000000000000000"] {
      let error = #expect(throws: HostError.self) { try store.messages(name) }
      #expect(error?.code == .damaged)
      #expect(error?.description.contains("\(directory.path)/elements/\(name).set") == true)
    }
  }

  @Test func whatNobodyNeedsGoes() throws {
    try store.prune(keeping: [])
    let first = try store.store(messages: [1], script: [])
    let second = try store.store(messages: [2], script: [])
    try directory.write("elements/notes.txt", "mine")
    try store.prune(keeping: [second])
    #expect(
      try Directory("\(directory.path)/elements").names().sorted()
        == ["\(second).nft", "\(second).set", "notes.txt"].sorted())
    #expect(throws: HostError.self) { try store.messages(first) }
  }

  @Test func oddPathsAreNoneForNft() throws {
    let odd = ElementStore(directory: "\(directory.path)/a*b")
    #expect(odd.scriptPath("x") == nil, "it is not there")
    let id = try odd.store(messages: [1], script: [])
    #expect(odd.scriptPath(id) == nil, "nft would take it for a pattern")
  }
}

struct KnownStateTests {
  private let directory: Scratch
  private var file: KnownStateFile { KnownStateFile(path: "\(directory.path)/known") }

  init() throws { directory = try Scratch() }

  @Test func whatWasWrittenIsRead() throws {
    #expect(file.read() == nil)
    let state = KnownState(
      boot: BootIdentity(text: "boot"), namespace: NetworkNamespaceIdentity(inode: 1, cookie: 2),
      generation: 3, entry: 4)
    try file.write(state)
    #expect(file.read() == state)
    #expect(!state.isOfHere)
    let here = KnownState(
      boot: try .current(), namespace: try .current(), generation: 3, entry: 4)
    #expect(here.isOfHere == (here.namespace.cookie != nil))
    try directory.write("known", "anything else")
    #expect(file.read() == nil)
  }
}
