import CNftnl
import NetworkTypes

extension NetlinkSession {
  /// Makes the kernel forget connections, so that their next packets are judged anew.
  ///
  /// - Returns: how many were forgotten.
  /// - Complexity: one look at every connection of the host, whatever the number of filters of one
  ///   port; filters of several ports are tried one by one.
  package mutating func deleteConnections(
    matching filters: [ConnectionFilter]
  ) throws(NetlinkError) -> Int {
    var count = 0
    for family in AddressFamily.allCases {
      let own = filters.filter { $0.family == family }
      if own.isEmpty { continue }
      let index = ConnectionIndex(own)
      var found: [[UInt8]] = []
      try readConnections(family) { record, message, bytes throws(NetlinkError) in
        guard index.matches(record.connection) else { return }
        found.append(try ConnectionRecord.identity(of: message, in: bytes))
      }
      for identity in found where try deleteConnection(family, identity) { count += 1 }
    }
    return count
  }

  /// How many connections have their source or destination rewritten, by whosever rules.
  package mutating func countTranslatedConnections() throws(NetlinkError) -> Int {
    var count = 0
    for family in AddressFamily.allCases {
      try readConnections(family) { record, _, _ in
        if record.isTranslated { count += 1 }
      }
    }
    return count
  }

  private mutating func readConnections(
    _ family: AddressFamily,
    _ body: (ConnectionRecord, Message, Span<UInt8>) throws(NetlinkError) -> Void
  ) throws(NetlinkError) {
    let sequence = socket.takeSequences()
    var writer = MessageWriter()
    writer.begin(
      type: IPCTNL_MSG_CT_GET.netlinkType, flags: NLM_F_REQUEST | NLM_F_ROOT | NLM_F_MATCH,
      sequence: sequence, family: family.number)
    _ = try socket.ask(writer.bytes, sequence: sequence, .disconnect) {
      message, bytes throws(NetlinkError) in
      guard message.type == IPCTNL_MSG_CT_NEW.netlinkType, message.hasFamily,
        message.family(in: bytes) == family.number
      else { return }
      if let record = try ConnectionRecord(message, family, in: bytes) {
        try body(record, message, bytes)
      }
    }
  }

  /// Whether it was still there.
  private mutating func deleteConnection(
    _ family: AddressFamily, _ identity: [UInt8]
  ) throws(NetlinkError) -> Bool {
    let sequence = socket.takeSequences()
    var writer = MessageWriter()
    writer.begin(
      type: IPCTNL_MSG_CT_DELETE.netlinkType, flags: NLM_F_REQUEST | NLM_F_ACK, sequence: sequence,
      family: family.number)
    writer.put(attributes: identity)
    do throws(NetlinkError) {
      _ = try socket.ask(writer.bytes, sequence: sequence, .disconnect) { _, _ in }
      return true
    } catch {
      guard error.errno == ENOENT else { throw error }
      return false
    }
  }
}

extension cntl_msg_types {
  /// The type of the message, with its subsystem.
  fileprivate var netlinkType: UInt16 { UInt16(NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(rawValue) }
}

extension AddressFamily {
  /// The number of the family (linux/socket.h).
  fileprivate var number: UInt8 {
    switch self {
    case .ipv4: UInt8(AF_INET)
    case .ipv6: UInt8(AF_INET6)
    }
  }
}
