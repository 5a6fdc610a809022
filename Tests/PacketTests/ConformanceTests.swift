import Foundation
import NetworkTypes
import ScratchFiles
import TestSupport
import Testing

/// What a peer's case asks for that no single state of rules shows.
extension PacketTests {
  /// A client that keeps sending from one port goes where the port leads now.
  @Test(arguments: AddressFamily.allCases)
  func aChangedPublishTakesItsClientsAlong(_ family: AddressFamily) async throws {
    let scratch = try Scratch()
    defer { extendLifetime(scratch) }
    let first = try scratch.policy("first.ward", target: "web")
    let second = try scratch.policy("second.ward", target: "proxy")
    let pool = try #require(RouterPool.current)
    let address = try #require(Station.host.address(family))
    let probe = Probe(from: .lan, to: address, .udp(5000), sourcePort: 5555)
    try await pool.withRouter(.reference) { router in
      try await router.load(
        [
          .bridgeward(
            program: CompiledPolicy.program, policies: [first], directory: scratch.path)
        ], filtersBridged: false)
      try await router.serve([5000, 6000])
      let before = try await router.observe([probe], patience: 2500)
      #expect(before.map(\.isAnswered) == [true])
      #expect(before.flatMap(\.deliveries).map(\.station) == [.web])
      _ = try await router.hostOutput(
        of: Command([
          "env", "RUNTIME_DIRECTORY=\(scratch.path)", CompiledPolicy.program, "apply",
          "--state-dir", "\(scratch.path)/state", second,
        ]))
      let after = try await router.observe([probe], patience: 2500)
      #expect(after.map(\.isAnswered) == [true])
      #expect(after.flatMap(\.deliveries).map(\.station) == [.proxy])
    }
  }
}

extension Scratch {
  /// A policy whose UDP port leads to a container.
  fileprivate func policy(_ name: String, target: String) throws -> String {
    let text = """
      language 1
      network front {
          bridge br-front
          subnet 172.18.0.0/16, fd00:18::/64
          masquerade
          container web 172.18.0.10, fd00:18::10
          container proxy 172.18.0.11, fd00:18::11
          publish udp 5000 -> \(target):6000 from any
      }

      """
    let path = try write(name, Array(text.utf8))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    return path
  }
}
