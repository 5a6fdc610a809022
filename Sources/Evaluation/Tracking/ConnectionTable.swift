import NetworkTypes

/// The connections that a host knows.
struct ConnectionTable: Sendable {
  private var connections: [FlowTuple: Connection] = [:]
  /// The original tuple of each connection, by its reply's.
  private var originals: [FlowTuple: FlowTuple] = [:]

  /// The connection of a packet with this tuple, and which way it goes.
  func find(_ tuple: FlowTuple) -> (connection: Connection, direction: Connection.Direction)? {
    if let connection = connections[tuple] { return (connection, .original) }
    guard let original = originals[tuple], let connection = connections[original] else {
      return nil
    }
    return (connection, .reply)
  }

  /// Whether a connection with this original tuple is there.
  func contains(_ original: FlowTuple) -> Bool { connections[original] != nil }

  /// Enters a connection whose first packet got through, or what has become of one.
  mutating func insert(_ connection: Connection) {
    if let old = connections[connection.original] { originals[old.reply] = nil }
    connections[connection.original] = connection
    originals[connection.reply] = connection.original
  }

  /// Forgets a connection.
  mutating func remove(_ original: FlowTuple) {
    guard let connection = connections.removeValue(forKey: original) else { return }
    originals[connection.reply] = nil
  }

  /// Notes that something came back.
  mutating func noteReply(to original: FlowTuple) { connections[original]?.hasSeenReply = true }
}
