import Foundation
import Host
import ScratchFiles
import Testing

struct SysctlStoreTests {
  private let directory: Scratch
  private var store: SysctlStore { SysctlStore(root: directory.path) }

  init() throws {
    directory = try Scratch()
    try directory.write("net/ipv4/ip_forward", "0\n")
    for name in ["all", "br.5", "default"] {
      try directory.write("net/ipv4/conf/\(name)/forwarding", "1\n")
    }
  }

  @Test func valuesAreReadAndWritten() throws {
    #expect(try store.value(of: "net/ipv4/ip_forward") == "0")
    try store.requireWritable("net/ipv4/ip_forward")
    try store.set("net/ipv4/ip_forward", to: "1")
    #expect(try store.value(of: "net/ipv4/ip_forward") == "1")
    #expect(try store.interfaces(below: "net/ipv4/conf") == ["all", "br.5", "default"])
    #expect(try store.interfaces(below: "net/ipv6/conf") == [])
  }

  @Test func theKernelsOwnAreRead() throws {
    #expect(try SysctlStore().value(of: "kernel/ostype") == "Linux")
    let names = try SysctlStore().interfaces(below: "net/ipv4/conf")
    #expect(names.contains("all") && names.contains("lo"))
  }

  @Test func whatIsNotThereIsATypedError() throws {
    let name = "net/ipv4/conf/none/route_localnet"
    let error = #expect(throws: HostError.self) { try store.value(of: name) }
    #expect(error?.code == .notFound)
    #expect(#expect(throws: HostError.self) { try store.set(name, to: "1") }?.code == .notFound)
    #expect(#expect(throws: HostError.self) { try store.requireWritable(name) }?.code == .notFound)
    #expect(try store.valueIfPresent(of: name) == nil)
    #expect(try directory.names() == ["net"])
  }

  @Test(arguments: ["", "..", "net/../net/ipv4/ip_forward", "/net", "net//ipv4", "./a", "a\0b"])
  func noNameLeadsOut(name: String) {
    #expect(#expect(throws: HostError.self) { try store.value(of: name) }?.code == .notFound)
    #expect(#expect(throws: HostError.self) { try store.set(name, to: "1") }?.code == .notFound)
  }

  @Test(.enabled(if: getuid() == 0, "only root may mount"))
  func readOnlySettingsAreKnownBeforehand() throws {
    try SmallDisk.with(size: 1 << 16) { disk in
      try Data("0\n".utf8).write(to: URL(fileURLWithPath: "\(disk.path)/a"))
      try disk.makeReadOnly()
      let error = #expect(throws: HostError.self) {
        try SysctlStore(root: disk.path).requireWritable("a")
      }
      #expect(error?.code == .readOnly)
    }
  }
}
