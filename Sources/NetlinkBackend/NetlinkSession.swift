import CNftnl

/// A conversation with the kernel about the rules of one network namespace: that in which the
/// thread was that opened it.
package struct NetlinkSession: ~Copyable {
  var socket: NetlinkSocket

  /// Opens the conversation.
  ///
  /// - Throws: ``NetlinkError/isDenied`` without CAP_NET_ADMIN, ``NetlinkError/isUnsupported`` where
  ///   the kernel has no nf_tables.
  package init() throws(NetlinkError) { socket = try Self.open() }

  private static func open() throws(NetlinkError) -> NetlinkSocket {
    var socket = try NetlinkSocket()
    do throws(NetlinkError) {
      _ = try socket.generation()
    } catch {
      // Nobody answers for a subsystem that the kernel does not have.
      throw NetlinkError(.open, errno: error.errno, message: error.message)
    }
    return socket
  }

  /// The number of the state that the rules of the namespace are in; every change makes it another.
  package mutating func generation() throws(NetlinkError) -> UInt32 { try socket.generation() }
}

extension NetlinkSocket {
  /// The number of the state that the rules are in (NFTA_GEN_ID).
  mutating func generation() throws(NetlinkError) -> UInt32 {
    let sequence = takeSequences()
    var writer = MessageWriter()
    writer.begin(
      type: NFT_MSG_GETGEN.netlinkType, flags: NLM_F_REQUEST | NLM_F_ACK, sequence: sequence)
    var result: UInt32?
    _ = try ask(writer.bytes, sequence: sequence, .read) { message, bytes throws(NetlinkError) in
      result = try Nest(message.attributes, in: bytes).uint32(NFTA_GEN_ID, in: bytes)
    }
    guard let result else { throw .malformed("no generation") }
    return result
  }
}

extension nf_tables_msg_types {
  /// The type of the message, with its subsystem.
  var netlinkType: UInt16 { UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16(rawValue) }
}
