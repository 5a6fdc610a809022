import Driver
import Foundation
import Host
import ScratchFiles
import Testing

struct StateDirectoryTests {
  private let elsewhere = NetworkNamespaceIdentity(inode: 12, cookie: 34)

  private func located(
    _ option: String? = nil, _ variables: [String: String] = [:]
  ) -> StateDirectory {
    StateDirectory.located(option: option, namespace: elsewhere) { variables[$0] }
  }

  @Test func namespacesDoNotMix() {
    #expect(
      located()
        == StateDirectory(
          persistent: "/run/bridgeward/netns-12-34/state", volatile: "/run/bridgeward/netns-12-34",
          isHome: false))
    let old = NetworkNamespaceIdentity(inode: 12, cookie: nil)
    let found = StateDirectory.located(namespace: old) { _ in nil }
    #expect(found.volatile == "/run/bridgeward/netns-12")
  }

  @Test func theUserGoesFirstAndSystemdSecond() {
    let variables = [
      "STATE_DIRECTORY": "/var/lib/bridgeward:/other", "RUNTIME_DIRECTORY": "/run/bridgeward",
    ]
    #expect(
      located(nil, variables)
        == StateDirectory(
          persistent: "/var/lib/bridgeward", volatile: "/run/bridgeward", isHome: true))
    #expect(located("/mine", variables).persistent == "/mine")
    #expect(located("/mine").volatile == "/run/bridgeward/netns-12-34")
    #expect(located(nil, ["STATE_DIRECTORY": ""]).isHome == false)
    #expect(
      located(nil, ["RUNTIME_DIRECTORY": "/run/x"])
        == StateDirectory(persistent: "/run/x/state", volatile: "/run/x", isHome: false))
  }

  @Test func aNewNamespaceHasAnIdentityOfItsOwn() throws {
    let own = try NetworkNamespaceIdentity.current()
    #expect(StateDirectory.located(namespace: own) { _ in nil }.volatile.hasPrefix("/run/"))
  }

  @Test func oneProcessAtATime() throws {
    let scratch = try Scratch()
    let directory = StateDirectory(
      persistent: "\(scratch.path)/state", volatile: "\(scratch.path)/run", isHome: false)
    let lock = try directory.lock()
    let error = #expect(throws: HostError.self) { _ = try directory.lock() }
    #expect(error?.code == .busy)
    #expect(error?.description.contains("process \(getpid())") == true)
    _ = consume lock
    #expect(throws: Never.self) { _ = try directory.lock() }
  }
}
