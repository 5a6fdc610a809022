package import KernelForm
import Lowering
package import Netfilter
package import NetlinkBackend

/// What the kernel of this machine has of our tables.
package struct LiveRules: Sendable {
  package let kernel: KernelRuleset

  package init(kernel: KernelRuleset) { self.kernel = kernel }

  /// Asks the kernel; changes nothing.
  ///
  /// - Parameter directory: keeps the large sets of the states that were applied; the kernel is not
  ///   asked for them while they are as they were applied.
  package static func read(
    knownTo directory: StateDirectory? = nil
  ) throws(LiveError) -> LiveRules {
    do throws(NetlinkError) {
      var session = try NetlinkSession()
      return try read(&session, knowing: directory?.knownSets(&session)?.contents)
    } catch {
      throw LiveError.kernel(error)
    }
  }

  /// As ``read(knownTo:)``, for who wants to change them: tables of our name that are not ours are
  /// an error.
  package static func readOwned(knownTo directory: StateDirectory) throws(LiveError) -> LiveRules {
    let live = try read(knownTo: directory)
    try live.requireOwnership()
    return live
  }

  /// What the kernel of this machine can do; changes nothing.
  package static func capabilities() throws(LiveError) -> Set<Capability> {
    do throws(NetlinkError) {
      var session = try NetlinkSession()
      return try session.probe()
    } catch {
      throw LiveError.kernel(error)
    }
  }

  /// Asks the kernel, in a conversation that goes on.
  ///
  /// - Parameter known: large sets of a state that it need not be asked for.
  static func read(
    _ session: inout NetlinkSession, knowing known: KnownContents? = nil
  ) throws(NetlinkError) -> LiveRules {
    // What is known wrongly is asked for.
    if let known, let kernel = try? session.read(table: tableName, knowing: known) {
      return LiveRules(kernel: kernel)
    }
    return LiveRules(kernel: try session.read(table: tableName))
  }

  /// Throws where a table has our name and is not ours: nobody but its owner may change it.
  package func requireOwnership() throws(LiveError) {
    for table in kernel.tables {
      if table.flags & KernelTable.ownerFlag != 0 { throw .heldTable(table.path) }
      if table.comment != ownershipComment { throw .foreignTable(table.path) }
    }
  }
}

extension KernelTable {
  /// NFT_TABLE_F_OWNER: only the process that made the table may change it.
  fileprivate static let ownerFlag: UInt32 = 2
}

/// Why the kernel's rules cannot be compared or changed.
package enum LiveError: Error, Hashable, Sendable {
  case kernel(NetlinkError)
  /// A table of our name that this program did not make.
  case foreignTable(TablePath)
  /// A table that another process holds.
  case heldTable(TablePath)
}

extension LiveError: CustomStringConvertible {
  /// One line: what is the matter, and the mend.
  package var description: String {
    switch self {
    case .kernel(let error): "\(error)"
    case .foreignTable(let path):
      "the table `\(path.family.rawValue) \(path.name)` was not made by bridgeward, and so it is "
        + "left alone; if nobody needs it: nft delete table \(path.family.rawValue) \(path.name)"
    case .heldTable(let path):
      "the table `\(path.family.rawValue) \(path.name)` is held by another process; stop that, or "
        + "let it give the table up"
    }
  }
}
