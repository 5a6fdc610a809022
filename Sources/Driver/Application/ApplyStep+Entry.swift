import Host
import KernelForm
import Lowering
import NetlinkBackend

/// Room for an entry of the history, and what is written of it meanwhile.
struct PreparedEntry: ~Copyable {
  let slot: HistorySlot
  /// The script, without the elements of large sets.
  let script: [UInt8]
  /// The large sets; `nil` where the entry has all of the state in itself.
  var task: StoreTask?
}

extension ApplyStep {
  /// Whether the accepted entry is of this policy, and whole.
  var acceptedIsSound: Bool {
    guard let accepted = try? directory.history.storedAccepted(),
      accepted.header.digest == wish.header.digest
    else { return false }
    let checked = Set(known.map(\.id))
    return accepted.header.elements.allSatisfy { kept in
      checked.contains(kept.id) || (try? directory.history.elements.messages(kept.id)) != nil
    }
  }

  /// Room for an entry of the history, once the elements of large sets are kept; `nil` at boot where
  /// there is none.
  func preparedEntry(_ warnings: inout [String]) throws(ApplyError) -> PreparedEntry? {
    do throws(HostError) {
      let large = LargeSets(of: wish.state.kernel, plan: comparison.plan, known: known)
      let store = directory.history.elements
      if large.parts.isEmpty { return try wholeEntry() }
      try Directory(directory.persistent).makePrivate()
      try Directory(store.directory).makePrivate()
      guard store.scriptPath("") != nil else { return try wholeEntry() }
      let script = wish.script(hollow: large.maps)
      try requireMemory(toKeep: script)
      // For a set, what became of it since it was kept, as messages and as commands.
      let size = StateEntry.room(
        script: script.count + large.parts.count * (1 << 19),
        snapshot: 1 << 16 + 2 * script.count + large.parts.count * (1 << 18))
      let slot = try directory.history.prepare(size: size)
      return PreparedEntry(
        slot: slot, script: script, task: try large.prepare(wish.ruleset, in: store))
    } catch {
      guard options.isBoot else { throw .host(error) }
      warnings.append("the state is not kept for the next boot: \(error)")
      return nil
    }
  }

  /// Throws where there is too little memory for the change and for what is kept of it: once the
  /// rules are changed, it would be too late.
  private func requireMemory(toKeep script: [UInt8]) throws(HostError) {
    try Heap.require(script.count * Self.memoryPerByte, to: "apply the policy")
  }

  /// What the messages, what the kernel says of them, and both as text take for each byte of a script,
  /// and half as much again: with two thousand networks it was some forty.
  private static let memoryPerByte = 64

  /// Room for an entry that has all of a state in itself.
  private func wholeEntry() throws(HostError) -> PreparedEntry {
    let script = wish.script()
    try requireMemory(toKeep: script)
    // The snapshot is what the script says in the kernel's terms, which are shorter than words.
    let size = StateEntry.room(script: script.count, snapshot: 4096 + 2 * script.count)
    return PreparedEntry(
      slot: try directory.history.prepare(size: size), script: script, task: nil)
  }

  /// Keeps the state that is in force now; where that fails, it is in force all the same.
  func store(
    _ entry: consuming PreparedEntry, _ session: inout NetlinkSession, _ warnings: inout [String]
  ) {
    do throws(ApplyError) {
      var sets: [StoredSet] = []
      if var task = entry.task.take() {
        do throws(HostError) { sets = try task.sets() } catch { throw .host(error) }
      }
      var (snapshot, generation) = try snapshot(leavingOut: Set(sets.map(\.part.path)), &session)
      var script = entry.script
      for set in sets { script += set.script(directory.history.elements) }
      for set in sets { snapshot += set.tail }
      var header = wish.header
      header.elements = sets.map(\.kept)
      let state = StateEntry(header: header, script: script, snapshot: snapshot)
      do throws(HostError) {
        let number = try entry.slot.store(state)
        if !sets.isEmpty { application.noteKnown(generation: generation, entry: number) }
        if options.confirmation == nil { try directory.history.accept(number) }
      } catch { throw .host(error) }
    } catch {
      warnings.append("the rules are in force, but not kept for the next boot: \(error)")
      return
    }
    if options.confirmation == nil { application.pruneHistory(&warnings) }
  }

  /// The rules of the policy as the kernel has them, and the number of that state.
  ///
  /// What others put into our tables since the change was made does not become a part of what is
  /// kept, or they would be there after each boot: it is taken out again.
  private func snapshot(
    leavingOut paths: Set<SetPath>, _ session: inout NetlinkSession
  ) throws(ApplyError) -> ([UInt8], generation: UInt32) {
    var expected = comparison.before.kernel.generation.map {
      comparison.plan.isEmpty ? $0 : $0 &+ 1
    }
    var remaining = Self.attempts
    while true {
      remaining -= 1
      do throws(NetlinkError) {
        let generation = if let expected { expected } else { try mended(&session) }
        let bytes = try session.snapshot(
          table: tableName, leavingOut: paths, generation: generation)
        return (bytes, generation)
      } catch {
        guard error.isOvertaken, remaining > 0 else { throw .live(.kernel(error)) }
        expected = nil
      }
    }
  }

  private static let attempts = 8

  /// Makes the rules those of the policy where they are not; returns the number of that state.
  private func mended(_ session: inout NetlinkSession) throws(NetlinkError) -> UInt32 {
    let now = try session.read(table: tableName)
    let steps = plan(from: now, to: wish.state.kernel)
    if !steps.isEmpty { try session.commit(steps, generation: now.generation) }
    guard let before = now.generation else { return try session.generation() }
    return steps.isEmpty ? before : before &+ 1
  }
}
