import NetworkTypes

/// A connection as conntrack knows it.
struct Connection: Hashable, Sendable {
  /// As the first packet came.
  let original: FlowTuple
  /// As answers come: that is where rewriting shows.
  private(set) var reply: FlowTuple
  private(set) var isDestinationTranslated = false
  private(set) var isSourceTranslated = false
  /// Whether it was decided to rewrite or not, for each end: that is done once.
  var hasDestinationDecision = false
  var hasSourceDecision = false
  var hasSeenReply = false

  init(_ original: FlowTuple) {
    self.original = original
    reply = original.reversed
  }

  /// Which way a packet goes.
  enum Direction: Hashable, Sendable { case original, reply }

  /// The first packet as it leaves, as far as rewriting was decided.
  var translated: FlowTuple { reply.reversed }

  /// Rewrites where packets go to; to the same place is no rewriting.
  mutating func translateDestination(to address: IPAddress, port: UInt16?) {
    hasDestinationDecision = true
    var tuple = translated
    tuple.destination = address
    if let port, !tuple.isEcho { tuple.destinationPort = port }
    guard tuple != translated else { return }
    reply = tuple.reversed
    isDestinationTranslated = true
  }

  /// Rewrites where packets come from; from the same place is no rewriting.
  mutating func translateSource(to address: IPAddress, port: UInt16?) {
    hasSourceDecision = true
    var tuple = translated
    tuple.source = address
    if let port, !tuple.isEcho { tuple.sourcePort = port }
    guard tuple != translated else { return }
    reply = tuple.reversed
    isSourceTranslated = true
  }
}

/// What conntrack has attached to a packet.
enum Tracking: Hashable, Sendable {
  /// Conntrack has not seen it.
  case unseen
  /// It belongs to no connection that could be: there is no way to be in this state and come from
  /// a well-behaved machine.
  case invalid
  case untracked
  case member(Membership)

  /// A packet's place in a connection.
  struct Membership: Hashable, Sendable {
    var connection: Connection
    var direction: Connection.Direction
    var state: State

    enum State: Hashable, Sendable { case new, established, related }
  }

  var membership: Membership? {
    if case .member(let membership) = self { return membership }
    return nil
  }
}
