import CNftnl
package import KernelForm

extension NetlinkSession {
  /// The state of the tables called `name`, everything that others put there included, for
  /// ``restore(_:generation:)``; also where there is no such table.
  ///
  /// - Parameters:
  ///   - known: sets whose elements are left out.
  ///   - wanted: the number that the state must have; `nil` for any.
  /// - Throws: ``NetlinkError/isOvertaken`` where the rules are in another state than the wanted one.
  package mutating func snapshot(
    table name: String, leavingOut known: Set<SetPath> = [], generation wanted: UInt32? = nil
  ) throws(NetlinkError) -> [UInt8] {
    var messages: [UInt8] = []
    _ = try readOneState { generation, socket throws(NetlinkError) in
      if let wanted, wanted != generation { throw NetlinkError(.read, errno: ERESTART) }
      messages = []
      var dump = TableDump(name, generation: generation, includesDynamicElements: true)
      try dump.run(&socket, leavingOut: known) { message, bytes throws(NetlinkError) in
        messages += Array(message.range, in: bytes)
        while messages.count % 4 != 0 { messages.append(0) }
      }
      return dump.isOfOneState
    }
    return Snapshot.make(name: name, messages: messages)
  }

  /// Puts the tables back into the state that was saved, in one step; tables that were not there
  /// are removed.
  ///
  /// - Parameters:
  ///   - generation: the state that the rules must be in now; `nil` for any.
  ///   - replacing: whether there may be tables of that name; without them the kernel need not take
  ///     any out, for which it waits until no packet is in them.
  /// - Throws: before anything is sent, where the bytes are damaged.
  package mutating func restore(
    _ snapshot: [UInt8], generation: UInt32?, replacing: Bool = true
  ) throws(NetlinkError) {
    let batch = try Restoration(Snapshot(snapshot)).batch(
      firstSequence: socket.takeSequences(), generation: generation, replacing: replacing)
    try send(batch, .restore) { reply, batch in
      NetlinkError(
        .restore, errno: reply.errno, object: batch.object(of: reply), message: reply.text)
    }
  }
}

/// The state of a snapshot that left out the elements of some sets, with these.
///
/// - Throws: where the bytes are damaged, or do not belong together.
package func wholeSnapshot(
  _ snapshot: [UInt8], _ contents: [SetContent]
) throws(NetlinkError) -> [UInt8] {
  if contents.isEmpty { return snapshot }
  let snapshot = try Snapshot(snapshot)
  var decoder = RulesetDecoder(table: snapshot.name)
  for message in snapshot.messages { try decoder.take(message, in: snapshot.bytes.span) }
  for content in contents { try decoder.fill(content) }
  var messages = Array(snapshot.bytes[snapshot.start...])
  for content in contents {
    let table = decoder.tables.first { $0.path == content.path.table }
    guard let set = table?.sets.first(where: { $0.name == content.path.name }) else { continue }
    messages += SetContent.messages(content.path, set)
  }
  return Snapshot.make(name: snapshot.name, messages: messages)
}

extension KernelRuleset {
  /// The state that was saved.
  ///
  /// - Throws: where the bytes are damaged.
  package init(snapshot: [UInt8]) throws(NetlinkError) {
    let snapshot = try Snapshot(snapshot)
    var decoder = RulesetDecoder(table: snapshot.name)
    for message in snapshot.messages { try decoder.take(message, in: snapshot.bytes.span) }
    self.init(tables: decoder.tables)
  }
}

extension Restoration {
  /// The transaction that puts the tables back.
  fileprivate func batch(
    firstSequence: UInt32, generation: UInt32?, replacing: Bool = true
  ) throws(NetlinkError) -> Batch {
    var batch = Batch(firstSequence: firstSequence, generation: generation)
    if replacing { appendRemoval(to: &batch) }
    try append(to: &batch)
    batch.end()
    return batch
  }
}

/// The messages that restoring a saved state sends.
///
/// - Throws: where the bytes are damaged.
package func messages(restoring snapshot: [UInt8]) throws(NetlinkError) -> [UInt8] {
  try Restoration(Snapshot(snapshot)).batch(firstSequence: 1, generation: nil).bytes
}
