import Driver
import Foundation
import Host
import NetworkTypes
import ScratchFiles
import Testing

struct SSHConnectionTests {
  private func connection(variable: String?) -> SSHConnection? {
    SSHConnection.current(variable: { $0 == "SSH_CONNECTION" ? variable : nil }, process: 1)
  }

  private func end(_ address: String, _ port: UInt16) throws -> SSHConnection.End {
    SSHConnection.End(address: try #require(IPAddress(address)), port: port)
  }

  @Test func theVariableSaysIt() throws {
    let found = connection(variable: "203.0.113.5 51234 192.0.2.1 22")
    #expect(found?.client == (try end("203.0.113.5", 51234)))
    #expect(found?.server == (try end("192.0.2.1", 22)))
    let local = connection(variable: "fe80::1%eth0 1 fe80::2%eth0 2222")
    #expect(local?.client == (try end("fe80::1", 1)) && local?.server.port == 2222)
    let mapped = connection(variable: "::ffff:10.0.0.1 1 ::ffff:10.0.0.2 22")
    #expect(mapped?.client == (try end("10.0.0.1", 1)))
  }

  @Test(arguments: [nil, "", "a b c d", "10.0.0.1 1 10.0.0.2", "10.0.0.1 70000 10.0.0.2 22"])
  func othersSayNothing(variable: String?) {
    #expect(connection(variable: variable) == nil)
  }

  /// A proc with a shell below sudo below sshd, which holds the sockets 41 and 42.
  private func fakeProc(_ table: String, _ lines: [String], server: String = "sshd") throws
    -> Scratch
  {
    let proc = try Scratch()
    let rest = "S %d " + Array(repeating: "0", count: 20).joined(separator: " ")
    for (process, name, parent) in [(300, "zsh", 200), (200, "sudo", 100), (100, server, 1)] {
      let stat = String(format: "\(process) (\(name)) \(rest)\n", parent)
      try proc.write("\(process)/stat", stat)
    }
    try proc.write("100/net/\(table)", (["  sl  local_address …"] + lines).joined(separator: "\n"))
    try FileManager.default.createDirectory(
      atPath: "\(proc.path)/100/fd", withIntermediateDirectories: true)
    for (number, target) in [(0, "/dev/null"), (4, "socket:[42]"), (9, "socket:[41]")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(proc.path)/100/fd/\(number)", withDestinationPath: target)
    }
    return proc
  }

  private func line(_ local: String, _ remote: String, _ state: String, _ inode: Int) -> String {
    "   0: \(local) \(remote) \(state) 00000000:00000000 00:00000000 00000000     0        0 \(inode)"
  }

  @Test(arguments: ["sshd", "sshd-session"])
  func theSocketsOfOurSSHDSayIt(server: String) throws {
    let proc = try fakeProc(
      "tcp",
      [
        line("00000000:0016", "00000000:0000", "0A", 7),
        line("010200C0:0016", "090200C0:9999", "01", 8),
        line("010200C0:D431", "0A0200C0:0050", "01", 41),
        line("010200C0:0016", "057100CB:C822", "01", 42),
      ], server: server)
    let found = SSHConnection.current(variable: { _ in nil }, process: 300, root: proc.path)
    #expect(found?.client == (try end("203.0.113.5", 51234)), "not the forwarded one")
    #expect(found?.server == (try end("192.0.2.1", 22)))
  }

  @Test func bothFormsOfIPv6AreRead() throws {
    let mapped = "0000000000000000FFFF0000010200C0:0016"
    let plain = "B80D0120000000000000000001000000:C822"
    let proc = try fakeProc("tcp6", [line(mapped, plain, "01", 42)])
    let found = SSHConnection.current(variable: { _ in nil }, process: 300, root: proc.path)
    #expect(found?.server == (try end("192.0.2.1", 22)))
    #expect(found?.client == (try end("2001:db8::1", 51234)))
  }

  @Test func withoutSSHDThereIsNone() throws {
    let lines = [line("010200C0:0016", "057100CB:C822", "01", 42)]
    let proc = try fakeProc("tcp", lines, server: "getty")
    #expect(SSHConnection.current(variable: { _ in nil }, process: 300, root: proc.path) == nil)
    #expect(SSHConnection.current(variable: { _ in nil }, process: 999, root: proc.path) == nil)
    let closing = try fakeProc("tcp", [line("010200C0:0016", "057100CB:C822", "08", 42)])
    #expect(SSHConnection.current(variable: { _ in nil }, process: 300, root: closing.path) == nil)
  }

  /// The kernel's own table is read as it is.
  @Test func aRealConnectionIsFound() throws {
    let proc = try fakeProc("none", [])
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer {
      close(server)
      close(client)
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let accepted = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
        _ = unsafe bind(server, name, size)
        listen(server, 1)
        _ = unsafe getsockname(server, name, &size)
        _ = unsafe connect(client, name, size)
        return accept(server, nil, nil)
      }
    }
    defer { close(accepted) }
    var status = stat()
    #expect(unsafe fstat(accepted, &status) == 0)
    let port = UInt16(bigEndian: address.sin_port)
    try FileManager.default.createSymbolicLink(
      atPath: "\(proc.path)/100/fd/5", withDestinationPath: "socket:[\(status.st_ino)]")
    try proc.write("100/net/tcp", try FileStore().read("/proc/thread-self/net/tcp").bytes)
    let found = SSHConnection.current(variable: { _ in nil }, process: 300, root: proc.path)
    #expect(found?.server == (try end("127.0.0.1", port)))
    #expect(found?.client.address == IPAddress("127.0.0.1"))
  }
}
