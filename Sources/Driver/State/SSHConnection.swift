import Host
package import NetworkTypes

/// The connection that the user works over, which a change of rules must not cut.
package struct SSHConnection: Hashable, Sendable {
  /// One end of a TCP connection.
  package struct End: Hashable, Sendable {
    package let address: IPAddress
    package let port: UInt16

    package init(address: IPAddress, port: UInt16) {
      self.address = address
      self.port = port
    }
  }

  /// Where the user is.
  package let client: End
  /// Where sshd listens: an address of this host.
  package let server: End

  package init(client: End, server: End) {
    self.client = client
    self.server = server
  }

  /// The connection of this process; `nil` where it has none.
  ///
  /// `SSH_CONNECTION` says it; where that is not set, as behind sudo, the sockets of the sshd among
  /// our ancestors do.
  ///
  /// - Parameters:
  ///   - process: Whose ancestors are looked at.
  ///   - root: Where proc is mounted.
  package static func current(
    variable: (String) -> String? = Environment.value, process: Int32, root: String = "/proc"
  ) -> SSHConnection? {
    variable("SSH_CONNECTION").flatMap(SSHConnection.init(variable:))
      ?? ofAncestor(process, root: root)
  }

  /// Reads `CLIENT PORT SERVER PORT` (ssh(1)); a zone behind `%` is left out.
  init?(variable text: String) {
    let words = text.split(separator: " ")
    guard words.count == 4, let client = Self.end(words[0], words[1]),
      let server = Self.end(words[2], words[3])
    else { return nil }
    self.init(client: client, server: server)
  }

  private static func end(_ address: Substring, _ port: Substring) -> End? {
    guard let address = IPAddress(String(address.prefix { $0 != "%" })), let port = UInt16(port)
    else { return nil }
    return End(address: address.unmapped, port: port)
  }
}

extension SSHConnection {
  /// How sshd and its like call themselves; OpenSSH 9.8 gave connections a program of their own.
  private static let servers: Set<String> = ["sshd", "sshd-session", "sshd-auth", "dropbear"]

  private static func ofAncestor(_ process: Int32, root: String) -> SSHConnection? {
    var process = process
    // Process 1 is nobody's child; the limit is against a table that changes under our eyes.
    for _ in 0..<64 where process > 1 {
      guard let entry = ProcessEntry(process, root: root) else { return nil }
      if servers.contains(entry.name),
        let connection = established(process, entry.socketInodes(), root: root)
      {
        return connection
      }
      process = entry.parent
    }
    return nil
  }

  private static func established(
    _ process: Int32, _ sockets: Set<UInt64>, root: String
  ) -> SSHConnection? {
    for table in ["tcp", "tcp6"] {
      guard let file = try? FileStore().read("\(root)/\(process)/net/\(table)") else { continue }
      let rows = file.bytes.split(separator: UInt8(ascii: "\n")).compactMap(row)
      let own = rows.filter { $0.state == 0x01 && sockets.contains($0.inode) }
      // sshd holds the connections that it forwards as well; those do not end where it listens.
      let listening = Set(rows.filter { $0.state == 0x0A }.map(\.local.port))
      if let row = own.first(where: { listening.contains($0.local.port) }) ?? own.first {
        return SSHConnection(client: row.remote, server: row.local)
      }
    }
    return nil
  }

  /// A line of `/proc/net/tcp`; the states are those of net/tcp_states.h.
  private struct Row {
    let local: End
    let remote: End
    let state: UInt8
    let inode: UInt64
  }

  /// Reads a line: number, local and remote end, state, …, inode (proc(5)).
  private static func row(_ line: ArraySlice<UInt8>) -> Row? {
    let fields = line.split(separator: UInt8(ascii: " ")).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard fields.count > 9, let local = end(hexadecimal: fields[1]),
      let remote = end(hexadecimal: fields[2]), let state = UInt8(fields[3], radix: 16),
      let inode = UInt64(fields[9])
    else { return nil }
    return Row(local: local, remote: remote, state: state, inode: inode)
  }

  /// Reads `ADDRESS:PORT`; the address is words of 32 bits in the byte order of the host.
  private static func end(hexadecimal text: String) -> End? {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let port = UInt16(parts[1], radix: 16) else { return nil }
    var digits = parts[0]
    var words: [UInt32] = []
    while !digits.isEmpty {
      guard let word = UInt32(digits.prefix(8), radix: 16) else { return nil }
      words.append(UInt32(bigEndian: word))
      digits = digits.dropFirst(8)
    }
    switch words.count {
    case 1: return End(address: .ipv4(IPv4Address(bits: words[0])), port: port)
    case 4:
      let bits = words.reduce(UInt128(0)) { $0 << 32 | UInt128($1) }
      return End(address: IPAddress.ipv6(IPv6Address(bits: bits)).unmapped, port: port)
    default: return nil
    }
  }
}

extension IPAddress {
  /// The IPv4 address that an IPv4-mapped one (`::ffff:0:0/96`, RFC 4291) stands for.
  fileprivate var unmapped: IPAddress {
    guard case .ipv6(let address) = self, address.bits >> 32 == 0xFFFF else { return self }
    return .ipv4(IPv4Address(bits: UInt32(truncatingIfNeeded: address.bits)))
  }
}
