import CNftnl
package import KernelForm

extension NetlinkSession {
  /// How often reading starts anew because the rules changed meanwhile.
  private static var attempts: Int { 32 }

  /// The tables called `name`, of the families that we use, all of one state; other tables are
  /// passed over.
  ///
  /// What has no place in the model is told in ``KernelTable/strangers`` or as
  /// ``Expression/other(name:)``. The elements of sets that rules fill are left out.
  /// - Parameter known: sets whose elements are not asked for if the rules are in that state still.
  package mutating func read(
    table name: String, knowing known: KnownContents? = nil
  ) throws(NetlinkError) -> KernelRuleset {
    var tables: [KernelTable] = []
    let generation = try readOneState { generation, socket throws(NetlinkError) in
      let contents = known.flatMap { $0.generation == generation ? $0.sets : nil } ?? []
      var decoder = RulesetDecoder(table: name)
      var dump = TableDump(name, generation: generation, includesDynamicElements: false)
      try dump.run(&socket, leavingOut: Set(contents.map(\.path))) {
        message, bytes throws(NetlinkError) in
        try decoder.take(message, in: bytes)
      }
      for content in contents { try decoder.fill(content) }
      tables = decoder.tables
      return dump.isOfOneState
    }
    return KernelRuleset(tables: tables, generation: generation)
  }

  /// Calls `body` until it reads one state from beginning to end.
  ///
  /// - Parameter body: is given the number of the state, and says whether it saw no other.
  /// - Returns: the number of the state.
  mutating func readOneState(
    _ body: (UInt32, inout NetlinkSocket) throws(NetlinkError) -> Bool
  ) throws(NetlinkError) -> UInt32 {
    for _ in 0..<Self.attempts {
      let generation = try generation()
      try waitUntilShown(generation)
      do throws(NetlinkError) {
        guard try body(generation, &socket) else { continue }
      } catch {
        // What was there a moment ago may be gone, and what is read does not fit together.
        guard try self.generation() == generation else { continue }
        throw error
      }
      if try self.generation() == generation { return generation }
    }
    throw NetlinkError(
      .read, errno: EAGAIN, message: "somebody changes them all the time; stop that, or try again")
  }

  /// Waits until the change that made the state `generation` is through.
  ///
  /// The kernel gives a state its number shortly before it shows the state
  /// (nf_tables_commit of net/netfilter/nf_tables_api.c), and holds a lock meanwhile. Every batch
  /// takes that lock first; one that is meant for another state gets no further.
  private mutating func waitUntilShown(_ generation: UInt32) throws(NetlinkError) {
    let another = generation == .max ? 1 : generation + 1
    var batch = Batch(firstSequence: socket.takeSequences(), generation: another)
    batch.end()
    guard let reply = try replies(to: batch, .read).first, reply.errno != ERESTART else { return }
    throw NetlinkError(.read, errno: reply.errno, message: reply.text)
  }
}
